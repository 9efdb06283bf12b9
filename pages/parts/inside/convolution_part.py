"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of one's own."""

from __future__ import annotations

from pages.parts.inside import link_values, network_maps, sandbox
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import view_picker

VIEWS = {"In a network": network_maps.show, "Your own kernel": sandbox.show}


def show() -> None:
    """The part of the page."""
    glyph = picture()
    # What is forgotten are the cells of the other view.
    view = view_picker.pick("View", VIEWS, "view", on_change=link_values.forget, args=sandbox.CELLS)
    view(glyph)
