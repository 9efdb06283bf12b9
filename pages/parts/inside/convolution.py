"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of one's own."""

from __future__ import annotations

import streamlit as st

from pages.parts.inside import network, place, sandbox
from pages.parts.inside.picture import picture

VIEWS = {"In a network": network.show, "Your own kernel": sandbox.show}


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
        args=sandbox.CELLS,  # those of the other view
    )
    VIEWS[view or next(iter(VIEWS))](glyph)
