"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of one's own."""

from __future__ import annotations

from pages.parts import views
from pages.parts.inside import network, place, sandbox
from pages.parts.inside.picture import picture

VIEWS = {"In a network": network.show, "Your own kernel": sandbox.show}


def show() -> None:
    """The part of the page."""
    glyph = picture()
    # What is forgotten are the cells of the other view.
    view = views.pick("View", VIEWS, "view", on_change=place.forget, args=sandbox.CELLS)
    view(glyph)
