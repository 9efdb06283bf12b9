"""Memory: how a recurrent network reads row by row, how far back it learns, and how one draws."""

from __future__ import annotations

import streamlit as st

from pages.parts.inside import cells, complete, place, reading, vanishing
from pages.parts.inside.picture import picture

VIEWS = {
    "Row by row": reading.show,
    "Three cells": cells.show,
    "Vanishing gradient": vanishing.show,
    "Complete": complete.show,
}


def show() -> None:
    """The part of the page."""
    glyph = picture()
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default=next(iter(VIEWS)),
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
        on_change=place.forget,
        args=("row", "unit", "recurrent"),
    )
    VIEWS[view or next(iter(VIEWS))](glyph)
