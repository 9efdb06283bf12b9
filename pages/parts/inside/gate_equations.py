"""Write one unit of a recurrent layer at one row as equations with the numbers in them, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from core.inside.recurrent_cells import GateSum
from core.language import N_, gettext
from pages.parts.inside.equations import lines, number, signed, strong, term

GATE_TITLES = {
    "input": N_("Input gate i"),
    "forget": N_("Forget gate f"),
    "output": N_("Output gate o"),
    "update": N_("Update gate z"),
    "reset": N_("Reset gate r"),
    "candidate": N_("Candidate g"),
}
FORMULAS = {  # by kind of cell: the sums of the gates, then the state; h₋ and c₋ are those of the row before
    "SimpleRNN": ("h = tanh(W · x + U · h₋ + b)",),
    "GRU": (
        "z = σ(W<sub>z</sub> · x + U<sub>z</sub> · h₋ + b<sub>z</sub>)",
        "r = σ(W<sub>r</sub> · x + U<sub>r</sub> · h₋ + b<sub>r</sub>)",
        "g = tanh(W<sub>g</sub> · x + r × (U<sub>g</sub> · h₋) + b<sub>g</sub>)",
        "h = z × h₋ + (1 − z) × g",
    ),
    "LSTM": (
        "i = σ(W<sub>i</sub> · x + U<sub>i</sub> · h₋ + b<sub>i</sub>)",
        "f = σ(W<sub>f</sub> · x + U<sub>f</sub> · h₋ + b<sub>f</sub>)",
        "o = σ(W<sub>o</sub> · x + U<sub>o</sub> · h₋ + b<sub>o</sub>)",
        "g = tanh(W<sub>g</sub> · x + U<sub>g</sub> · h₋ + b<sub>g</sub>)",
        "c = f × c₋ + i × g",
        "h = o × tanh(c)",
    ),
}
HIDDEN_STATE, CELL_STATE = N_("Hidden state h"), N_("Cell state c")


def unit_lines(
    kind: str, gates: Sequence[GateSum], before: tuple[float, float], after: tuple[float, float]
) -> str:
    """Return the general formulas, every gate's sum, and how the state follows.

    ``before`` and ``after`` are h and the LSTM's c.
    """
    by_name = {gate.name: gate for gate in gates}
    rows = [(gettext(GATE_TITLES[gate.name]), _gate(kind, gate, by_name)) for gate in gates]
    if kind == "SimpleRNN":
        rows = [(gettext(HIDDEN_STATE), _gate(kind, by_name["candidate"], by_name))]
    elif kind == "GRU":
        z, g = by_name["update"].value, by_name["candidate"].value
        mix = f"z × h + (1 − z) × g = {term(z)} × {signed(before[0])} + {term(1 - z)} × {signed(g)}"
        rows.append((gettext(HIDDEN_STATE), f"{mix} = {strong(after[0])}"))
    else:
        i, f, g, o = (by_name[name].value for name in ("input", "forget", "candidate", "output"))
        kept = f"f × c + i × g = {term(f)} × {signed(before[1])} + {term(i)} × {signed(g)}"
        shown = f"o × tanh(c) = {term(o)} × tanh({number(after[1])})"
        rows.append((gettext(CELL_STATE), f"{kept} = {strong(after[1])}"))
        rows.append((gettext(HIDDEN_STATE), f"{shown} = {strong(after[0])}"))
    return lines([*_general(kind), *rows])


def _general(kind: str) -> list[tuple[str, str]]:
    """Return the formulas of a kind of cell, and what their symbols mean."""
    symbols = gettext(
        "x: numbers of the row; h₋: hidden state before it; h: hidden state after it; W, U: weights; b: bias"
    )
    if kind != "SimpleRNN":
        symbols = gettext("{symbols}; σ: sigmoid, 1 ÷ (1 + e⁻ʸ); ×: number by number", symbols=symbols)
    if kind == "LSTM":
        symbols = gettext("{symbols}; c₋, c: cell state before and after", symbols=symbols)
    return [(gettext("In general"), "<br>".join(FORMULAS[kind])), ("", symbols)]


def _gate(kind: str, gate: GateSum, by_name: dict[str, GateSum]) -> str:
    """Return the squashed sum: what the row adds, what the state before adds, and the bias."""
    memory = signed(gate.from_state)
    if kind == "GRU" and gate.name == "candidate":
        memory = f"{term(by_name['reset'].value)} × {memory}"
    total = gettext(
        "{row} from the row + {state} from the state + {bias} bias",
        row=term(gate.from_input),
        state=memory,
        bias=signed(gate.bias),
    )
    squash = "tanh" if gate.name == "candidate" else "σ"
    return f"{squash}({total}) = {strong(gate.value)}"
