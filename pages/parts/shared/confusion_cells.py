"""The cells of a confusion matrix, clicked in it or, with the keyboard too, chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

Cell = tuple[int, int]  # true class, predicted class


def pick_cell(
    clicked: Any, confusion: np.ndarray, classes: Sequence[str], *, whole: str, key: str
) -> Cell | None:
    """The cell whose images are asked for, by a click or from the list; None for ``whole``, its first entry.

    ``clicked`` is what Streamlit tells of the matrix's chart.
    """
    cells = [None, *_by_count(confusion)]
    points = clicked.selection.points
    cell = (int(points[0]["y"]), int(points[0]["x"])) if points else None
    if points and st.session_state.get(f"clicked {key}") != cell and cell in cells:
        st.session_state[key] = cell  # the list says what was clicked
    st.session_state[f"clicked {key}"] = cell
    if st.session_state.get(key) not in cells:
        st.session_state[key] = None
    return st.selectbox(
        "Images behind a cell",
        cells,
        format_func=lambda cell: _name(cell, confusion, classes) if cell else whole,
        help="Click a square of the matrix, or choose here.",
        filter_mode=None,
        key=key,
        width=420,
    )


def _by_count(confusion: np.ndarray) -> list[Cell]:
    """The cells that hold images: the mistakes, the most frequent first, then the right answers."""
    filled = [(int(t), int(p)) for t, p in np.argwhere(confusion)]
    wrong = sorted((cell for cell in filled if cell[0] != cell[1]), key=lambda cell: -confusion[cell])
    return [*wrong, *(cell for cell in filled if cell[0] == cell[1])]


def _name(cell: Cell, confusion: np.ndarray, classes: Sequence[str]) -> str:
    true, said = classes[cell[0]], classes[cell[1]]
    verb = "rightly read" if true == said else f"read as {said}"
    return f"{true} {verb}: {confusion[cell]:,}"
