"""Read the cell of a map that the link names, or pick the one to look at first."""

from __future__ import annotations

import numpy as np

from core.inside.highlights import strongest_cell
from pages.parts.inside import link_values


def chosen_cell(values: np.ndarray, row: str = "row", column: str = "column") -> tuple[int, int]:
    """Return row and column, from 0, of the cell of a map (H×W) in the link, else of the strongest cell.

    ``row`` and ``column`` are the link's parameters, which count from 1.
    """
    height, width = values.shape
    first_row, first_column = strongest_cell(values)
    return (
        link_values.number(row, height, first_row + 1) - 1,
        link_values.number(column, width, first_column + 1) - 1,
    )
