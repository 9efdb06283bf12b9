"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of the visitor's own."""

from __future__ import annotations

from core.language import N_
from pages.parts.inside import kernel_fields, network_maps, sandbox
from pages.parts.inside.picture_views import show_view

VIEWS = {
    "network": network_maps.show,
    "kernel": sandbox.show,
}
LABELS = {
    "network": N_("In a network"),
    "kernel": N_("Your own kernel"),
}
# The labels that older links hold.
EARLIER = {"In a network": "network", "Your own kernel": "kernel"}


def show() -> None:
    """Show the visitor's picture and the chosen view; changing the view forgets the chosen cells."""
    show_view(VIEWS, LABELS, EARLIER, kernel_fields.CELLS)
