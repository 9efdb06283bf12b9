"""One unit of a recurrent layer at one step as equations with the numbers in them, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from core.inside.recurrent_cells import GateSum
from pages.parts.inside.equations import lines, number, signed, strong, term

TITLES = {
    "input": "Input gate i",
    "forget": "Forget gate f",
    "output": "Output gate o",
    "update": "Update gate z",
    "reset": "Reset gate r",
    "candidate": "Candidate g",
}


def unit_lines(
    kind: str, gates: Sequence[GateSum], before: tuple[float, float], after: tuple[float, float]
) -> str:
    """Every gate's sum, then how the state follows; before and after are h and the LSTM's c."""
    by_name = {gate.name: gate for gate in gates}
    rows = [(TITLES[gate.name], _gate(kind, gate, by_name)) for gate in gates]
    if kind == "SimpleRNN":
        rows = [("Hidden state h", _gate(kind, by_name["candidate"], by_name))]
    elif kind == "GRU":
        z, g = by_name["update"].value, by_name["candidate"].value
        mix = f"z × h + (1 − z) × g = {term(z)} × {signed(before[0])} + {term(1 - z)} × {signed(g)}"
        rows.append(("Hidden state h", f"{mix} = {strong(after[0])}"))
    else:
        i, f, g, o = (by_name[name].value for name in ("input", "forget", "candidate", "output"))
        kept = f"f × c + i × g = {term(f)} × {signed(before[1])} + {term(i)} × {signed(g)}"
        rows.append(("Cell state c", f"{kept} = {strong(after[1])}"))
        rows.append(
            ("Hidden state h", f"o × tanh(c) = {term(o)} × tanh({number(after[1])}) = {strong(after[0])}")
        )
    return lines(rows)


def _gate(kind: str, gate: GateSum, by_name: dict[str, GateSum]) -> str:
    """The squashed sum: what the row adds, what the state before adds, and the bias."""
    memory = signed(gate.from_state)
    if kind == "GRU" and gate.name == "candidate":
        memory = f"{term(by_name['reset'].value)} × {memory}"
    squash = "tanh" if gate.name == "candidate" else "σ"
    return (
        f"{squash}({term(gate.from_input)} from the row + {memory} from the state "
        f"+ {signed(gate.bias)} bias) = {strong(gate.value)}"
    )
