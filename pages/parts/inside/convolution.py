"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of one's own."""

from __future__ import annotations

from pages.parts.inside import network
from pages.parts.inside.picture import picture


def show() -> None:
    """The part of the page."""
    network.show(picture())
