"""Memory: how a recurrent network reads row by row, how far back it learns, and how one draws."""

from __future__ import annotations

from pages.parts.inside import cell_comparison, link_values, row_completion, row_reading, vanishing_gradients
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import view_picker

VIEWS = {
    "Row by row": row_reading.show,
    "Three cells": cell_comparison.show,
    "Vanishing gradient": vanishing_gradients.show,
    "Complete": row_completion.show,
}


def show() -> None:
    """The part of the page."""
    glyph = picture()
    view = view_picker.pick(
        "View", VIEWS, "view", on_change=link_values.forget, args=("row", "unit", "recurrent")
    )
    view(glyph)
