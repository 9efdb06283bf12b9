"""Draw a confusion matrix and choose a cell by a click, or from a list, which the keyboard reaches too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.contract.evaluation import Cell, count_in_cell, filled_cells, is_mistake
from core.figures.classification import confusion_matrix
from core.language import gettext
from pages.parts.components import once
from pages.parts.components.chart import chart

_TAPPED = "tapped cell in {key}"  # in the session's state


def draw_matrix(confusion: np.ndarray, classes: Sequence[str], *, key: str, alt: str, list_key: str) -> None:
    """Draw the matrix; a click or tap on a square chooses its cell in the list of ``pick_cell``."""

    def choose(column: int, row: int) -> None:
        if (row, column) in filled_cells(confusion):
            st.session_state[list_key] = (row, column)
            st.session_state[_TAPPED.format(key=list_key)] = True

    chosen = st.session_state.get(list_key)
    chart(confusion_matrix(confusion, classes, chosen), key=key, alt=alt, on_click=choose)


def pick_cell(confusion: np.ndarray, classes: Sequence[str], *, whole: str, key: str) -> Cell | None:
    """Draw a list of the cells; return the chosen one, None for the first entry of the list.

    On phones, bring the list into view after a tap on the matrix: the images are shown below it.

    Args:
        confusion: counts of images, a row for each true class.
        classes: the names of the classes.
        whole: the text of the first entry, which stands for no single cell.
        key: of the list.
    """
    cells = [None, *filled_cells(confusion)]
    if st.session_state.get(key) not in cells:
        st.session_state[key] = None
    if st.session_state.pop(_TAPPED.format(key=key), False):
        once.scroll_to(key, on_phones_only=True)
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
