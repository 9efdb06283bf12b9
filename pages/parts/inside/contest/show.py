"""The contest: a GAN's training taken apart, on images, in the plane, with four losses, and on text."""

from __future__ import annotations

import streamlit as st

from pages.parts.inside.contest import cures, images, plane, text

VIEWS = {
    "On images": images.show,
    "In two dimensions": plane.show,
    "Cures": cures.show,
    "On text": text.show,
}


def show() -> None:
    """The part of the page."""
    view = st.segmented_control(
        "What the contest is about",
        list(VIEWS),
        default=next(iter(VIEWS)),
        required=True,
        key="contest",
        bind="query-params",
        label_visibility="collapsed",
    )
    VIEWS[view or next(iter(VIEWS))]()
