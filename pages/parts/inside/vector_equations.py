"""Write the equations of flattening and dense layers, the general one above the one with numbers, as HTML."""

from __future__ import annotations

from core.inside.convolution import CellSum
from core.inside.vector_steps import Flattening
from core.language import gettext
from pages.parts.inside.equations import after_sum, largest_terms, lines, number, signed, strong

DENSE = "y<sub>j</sub> = f(b<sub>j</sub> + Σ<sub>i</sub> x<sub>i</sub> · w<sub>ij</sub>)"


def flattening_lines(step: Flattening, place: int, value: float) -> str:
    """Return from which cell of which map the number at a place (from 0) is taken."""
    row, column, k = step.place(place)
    _, columns, maps = step.shape
    own = f"n = (({row + 1} − 1) · {columns} + ({column + 1} − 1)) · {maps} + {k + 1} = {place + 1}"
    symbols = gettext(
        "y: the numbers in one row; n: place in it; x: a map; r, c: row and column; k: map; "
        "C: columns of a map; K: number of maps"
    )
    return lines(
        [
            (gettext("In general"), "y(n) = x(r, c, k), n = ((r − 1) · C + (c − 1)) · K + k"),
            ("", symbols),
            (gettext("With your numbers"), own),
            (
                gettext("Number {number}", number=place + 1),
                gettext(
                    "row {row}, column {column} of map {map}: {value}",
                    row=row + 1,
                    column=column + 1,
                    map=k + 1,
                    value=strong(value),
                ),
            ),
        ]
    )


def dense_lines(found: CellSum, chosen: int) -> str:
    """Return the sum behind a number of a dense layer, and the product of the chosen input (from 0)."""
    symbols = gettext(
        "y: output; j: its number; x: input; i: its number; w: weight; b: bias; f: normalisation and "
        "activation, where the layer has them"
    )
    value, weight = found.window.values[0, 0, chosen], found.kernel[0, 0, chosen]
    product = f"{number(float(value))} × {signed(float(weight))} = {strong(float(found.channels[chosen]))}"
    rows = [
        (gettext("In general"), DENSE),
        ("", symbols),
        (gettext("Input {number}", number=chosen + 1), product),
        (gettext("All {count} inputs", count=len(found.channels)), largest_terms(found.channels)),
        *after_sum(found),
    ]
    return lines(rows)
