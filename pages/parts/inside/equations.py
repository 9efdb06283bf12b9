"""Write equations with the numbers in them, as HTML that wraps on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from core.figures.maps import NEGATIVE, POSITIVE
from core.inside.convolution import CellSum, Convolution, Window
from core.language import gettext

LARGE = 1_000_000  # numbers from here on are written as powers of ten
MOST = 6  # sums of input maps that are written out; the others are folded into one
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_STYLE = """<style>
.sums { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
.sums, .lines { font-variant-numeric: tabular-nums; }
.sums table { border-collapse: collapse; margin: 0; font-size: 0.8125rem; }
.sums caption { caption-side: top; font-size: 0.8125rem; opacity: 0.75; padding: 0 0 0.25rem;
  white-space: nowrap; }
.sums caption, .sums td { text-align: left; }
.sums td { border: 1px solid rgba(128, 128, 128, 0.35); min-width: 4em; padding: 0.3em 0.4em; }
.sums td.beyond { opacity: 0.5; font-style: italic; }
.sums .sign { font-size: 1.25rem; padding-top: 1rem; }
dl.lines { margin: 0; padding: 0 !important; }
.lines { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1rem; }
.lines dt, .lines dd { margin: 0; padding: 0; overflow-wrap: anywhere; }
.lines dt { opacity: 0.75; }
.lines .term { white-space: nowrap; }
@media (max-width: 640px) {
  .lines { grid-template-columns: 1fr; gap: 0.1rem; }
  .lines dd { margin-bottom: 0.5rem; }
}
</style>"""


def number(value: float) -> str:
    """Return a number with three significant digits, as a person would write it."""
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= LARGE:
        mantissa, exponent = f"{value:.2e}".split("e+")
        return f"{mantissa.replace('-', '−')}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if "e" in text:
        text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0", "") else text.replace("-", "−")


def products(found: CellSum, channel: int, names: tuple[str, str]) -> str:
    """Return the window of one input map, its kernel and their products, side by side."""
    window, kernel = found.window.values[..., channel], found.kernel[..., channel]
    tables = (
        _table(names[0], window, found.window.inside),
        '<span class="sign">×</span>',
        _table(names[1], kernel),
        '<span class="sign">=</span>',
        _table(gettext("Products"), window * kernel, found.window.inside),
    )
    return f'{_STYLE}<div class="sums">{"".join(tables)}</div>'


def general_sum(step: Convolution) -> str:
    """Return the formula of a convolution as networks compute it, and the textbook's beside it."""
    symbols = [
        gettext("y: output; x: input; w: kernel; b: bias; r, c: row and column; i, j: place in the kernel")
    ]
    sums = "y(r, c) = b + Σ<sub>i</sub> Σ<sub>j</sub> x({row}, {column}) · w(i, j)"
    if step.kernel.shape[2] > 1:
        sums = sums.replace("Σ<sub>j</sub>", "Σ<sub>j</sub> Σ<sub>k</sub>")
        sums = sums.replace("{column})", "{column}, k)").replace("j)", "j, k)")
        symbols.append(gettext("k: input map"))
    row, column = (
        axis if stride == 1 else f"{stride} · {axis}"
        for axis, stride in zip("rc", step.geometry.stride, strict=True)
    )
    rows = [
        (gettext("As networks compute it"), sums.format(row=f"{row} + i", column=f"{column} + j")),
        (gettext("In textbooks, kernel flipped"), sums.format(row=f"{row} − i", column=f"{column} − j")),
        ("", "; ".join(symbols)),
    ]
    if step.norm is not None:
        rows.append((gettext("Normalisation in general"), NORM))
        rows.append(("", gettext("μ, v: mean and variance while it learnt; ε: a small number; γ, β: learnt")))
    if step.activation in ACTIVATION_FORMULAS:
        rows.append((gettext("Activation in general"), ACTIVATION_FORMULAS[step.activation]))
    return lines(rows)


def sum_lines(found: CellSum, channel: int, name: str) -> str:
    """Return the equation line by line: products, input maps, bias, normalisation, activation."""
    rows = [(name, _products(found, channel))]
    if len(found.channels) > 1:
        words = gettext("All {count} input maps", count=len(found.channels))
        rows.append((words, largest_terms(found.channels, of_maps=True)))
    return lines([*rows, *after_sum(found)])


def after_sum(found: CellSum) -> list[tuple[str, str]]:
    """Return the lines that follow the sum of products: bias, normalisation, activation."""
    rows = []
    if found.bias is not None:
        rows.append((gettext("Bias"), f"{term(found.total)} + {signed(found.bias)} = {strong(found.biased)}"))
    if found.norm is not None:
        rows.append((gettext("Normalised"), _norm(found)))
    if found.activation != "linear":
        rows.append((_TITLES[found.activation], _activation(found)))
    return rows


def pool_lines(window: Window, channel: int, average: bool, value: float) -> str:
    """Return the equation of a cell of a pooling, the general one first."""
    seen = window.values[..., channel][window.inside]
    terms = [signed(v) for v in seen]
    if average:
        text = f"({' + '.join(terms)}) ÷ {len(seen)} = {strong(value)}"
    else:
        text = f"max({', '.join(term(v) for v in seen)}) = {strong(value)}"
    sums = "1/N · Σ<sub>i</sub> Σ<sub>j</sub>" if average else "max<sub>i, j</sub>"
    symbols = gettext("y: output; x: input; r, c: row and column; i, j: place in the window; s: stride")
    if average:
        symbols = gettext("{symbols}; N: cells of the window", symbols=symbols)
    return lines(
        [
            (gettext("In general"), f"y(r, c) = {sums} x(s · r + i, s · c + j)"),
            ("", symbols),
            (gettext("Mean") if average else gettext("Maximum"), text),
        ]
    )


def size_lines(formula: str) -> str:
    """Return the formula of an output's size, and the same with numbers."""
    words = gettext("⌊(input + 2 × padding − dilation × (window − 1) − 1) ÷ stride⌋ + 1")
    return lines([(gettext("Size of the output"), words), (gettext("With your numbers"), formula)])


def pool_window(window: Window, channel: int, name: str) -> str:
    """Return the window of a pooling."""
    return f'{_STYLE}<div class="sums">{_table(name, window.values[..., channel], window.inside)}</div>'


NORM = "ŷ = (y − μ) ÷ √(v + ε) · γ + β"
ACTIVATION_FORMULAS = {
    "relu": "ReLU(y) = max(0, y)",
    "tanh": "tanh(y) = (e<sup>y</sup> − e<sup>−y</sup>) ÷ (e<sup>y</sup> + e<sup>−y</sup>)",
    "sigmoid": "σ(y) = 1 ÷ (1 + e<sup>−y</sup>)",
}
_TITLES = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "Sigmoid"}


def _products(found: CellSum, channel: int) -> str:
    window, kernel = found.window.values[..., channel], found.kernel[..., channel]
    inside = found.window.inside
    pairs = [
        f'<span class="term">{number(w)} × {signed(k)}</span>'
        for w, k in zip(window[inside], kernel[inside], strict=True)
        if w and k
    ]
    zeros = window.size - len(pairs)
    if zeros:
        pairs.append(f'<span class="term">{zeros} × 0</span>')
    return f"{' + '.join(pairs)} = {strong(found.channels[channel])}"


def largest_terms(sums: np.ndarray, *, of_maps: bool = False) -> str:
    """Return the largest of many terms, the others as one, and their sum."""
    order = np.argsort(-np.abs(sums))
    shown, rest = order[:MOST], order[MOST:]
    terms = [
        '<span class="term">{}</span>'.format(
            gettext("{value} (map {map})", value=signed(sums[i]), map=i + 1)
            if of_maps
            else gettext("{value} (number {number})", value=signed(sums[i]), number=i + 1)
        )
        for i in shown
    ]
    if len(rest):
        terms.append(
            '<span class="term">{}</span>'.format(
                gettext("{value} ({count} others)", value=signed(sums[rest].sum()), count=len(rest))
            )
        )
    return f"{' + '.join(terms)} = {strong(sums.sum())}"


def _norm(found: CellSum) -> str:
    norm = found.norm
    assert norm is not None  # the caller has looked
    spread = f"√({number(float(norm.variance))} + {number(norm.epsilon)})"
    return (
        f"({number(found.biased)} − {signed(float(norm.mean))}) ÷ {spread} × {signed(float(norm.gamma))} "
        f"+ {signed(float(norm.beta))} = {strong(found.normalised)}"
    )


def _activation(found: CellSum) -> str:
    value, before = strong(found.value), number(found.normalised)
    if found.activation == "relu":
        return f"max(0, {before}) = {value}"
    if found.activation == "sigmoid":
        return f"1 ÷ (1 + e<sup>{number(-found.normalised)}</sup>) = {value}"
    return f"{found.activation}({before}) = {value}"


def _table(caption: str, values: np.ndarray, inside: np.ndarray | None = None) -> str:
    peak = max(float(np.abs(values).max()), 1e-9)
    rows = "".join(
        "<tr>"
        + "".join(
            _cell(float(v), peak, beyond=inside is not None and not inside[r, c]) for c, v in enumerate(row)
        )
        + "</tr>"
        for r, row in enumerate(values)
    )
    return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"


def _cell(value: float, peak: float, beyond: bool) -> str:
    red, green, blue = NEGATIVE if value < 0 else POSITIVE
    shade = f"background: rgba({red},{green},{blue},{0.5 * abs(value) / peak:.2f})"
    name = ' class="beyond" title="{}"'.format(gettext("Padding: beyond the edge")) if beyond else ""
    return f'<td{name} style="{shade}">{number(value)}</td>'


def lines(rows: Sequence[tuple[str, str]]) -> str:
    """Return names (text) and their values (HTML), line by line."""
    body = "".join(f"<dt>{escape(name)}</dt><dd>{text}</dd>" for name, text in rows)
    return f'{_STYLE}<dl class="lines">{body}</dl>'


def term(value: float) -> str:
    """Return a number that is not broken at the end of a line."""
    return f'<span class="term">{number(value)}</span>'


def signed(value: float) -> str:
    """Return a number, in brackets where it is negative, so that no two signs meet."""
    return f"({number(value)})" if value < 0 else number(value)


def strong(value: float | str) -> str:
    """Return a result, in bold: a number, or HTML that words it."""
    return f'<strong class="term">{value if isinstance(value, str) else number(value)}</strong>'
