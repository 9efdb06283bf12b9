"""Draw a confusion matrix and choose a cell by a click, or from a list, which the keyboard reaches too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.contract.evaluation import Cell, count_in_cell, filled_cells, is_mistake
from core.figures.classification import confusion_matrix
from core.language import gettext
from pages.parts.shared.still_chart import still_chart


def draw_matrix(confusion: np.ndarray, classes: Sequence[str], *, key: str, alt: str) -> Any:
    """Draw the matrix and return Streamlit's record of the clicked square, for ``pick_cell``."""
    return still_chart(
        confusion_matrix(confusion, classes, st.context.theme.type),
        key=key,
        on_select="rerun",
        selection_mode="points",
        alt=alt,
    )


def pick_cell(
    clicked: Any, confusion: np.ndarray, classes: Sequence[str], *, whole: str, key: str
) -> Cell | None:
    """Return the cell that was clicked or listed, None for the first entry of the list.

    Args:
        clicked: the result of ``draw_matrix``.
        confusion: counts of images, a row for each true class.
        classes: the names of the classes.
        whole: the text of the first entry, which stands for no single cell.
        key: of the list.
    """
    cells = [None, *filled_cells(confusion)]
    points = clicked.selection.points
    cell = (int(points[0]["y"]), int(points[0]["x"])) if points else None
    if points and st.session_state.get(f"clicked {key}") != cell and cell in cells:
        st.session_state[key] = cell  # the list says what was clicked
    st.session_state[f"clicked {key}"] = cell
    if st.session_state.get(key) not in cells:
        st.session_state[key] = None
    return st.selectbox(
        gettext("Images in a cell"),
        cells,
        format_func=lambda cell: _name(cell, confusion, classes) if cell else whole,
        help=gettext("Click a square of the matrix, or choose one here."),
        filter_mode=None,
        key=key,
        width=420,
    )


def _name(cell: Cell, confusion: np.ndarray, classes: Sequence[str]) -> str:
    true, predicted = classes[cell[0]], classes[cell[1]]
    count = count_in_cell(confusion, cell)
    if not is_mistake(cell):
        return gettext("{true} read correctly: {count:,}", true=true, count=count)
    return gettext("{true} read as {predicted}: {count:,}", true=true, predicted=predicted, count=count)
