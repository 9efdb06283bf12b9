"""Memory: how a recurrent network reads row by row, how far back it learns, and how one draws."""

from __future__ import annotations

from pages.parts import views
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
    view = views.pick("View", VIEWS, "view", on_change=place.forget, args=("row", "unit", "recurrent"))
    view(glyph)
