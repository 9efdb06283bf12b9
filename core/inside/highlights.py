"""Choose the map, cell, row and unit of a network that the page shows first."""

from __future__ import annotations

import numpy as np


def strongest_map(maps: np.ndarray) -> int:
    """Return the index of the map (of H×W×C) with the largest absolute values on average."""
    return int(np.abs(maps).mean(axis=(0, 1)).argmax())


def strongest_cell(values: np.ndarray) -> tuple[int, int]:
    """Return row and column of the cell (of H×W) with the largest absolute value."""
    row, column = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    return int(row), int(column)


def strongest_channel(sums: np.ndarray) -> int:
    """Return the index of the input map whose sum (C) has the largest absolute value."""
    return int(np.abs(sums).argmax())


def middle_inked_row(image: np.ndarray) -> int:
    """Return the middle one of the rows with ink in an image (H×W×C), or of all rows if none has ink."""
    inked = np.flatnonzero(image.any(axis=(1, 2)))
    return int(inked[len(inked) // 2]) if len(inked) else len(image) // 2


def most_varied_unit(state: np.ndarray) -> int:
    """Return the unit (column of a state, T×units) whose values have the widest range."""
    return int(np.ptp(state, axis=0).argmax())
