"""Convolution and pooling: the arithmetic of a network's cells, and a kernel of the visitor's own."""

from __future__ import annotations

from core.language import N_, gettext
from pages.parts.inside import kernel_fields, link_values, network_maps, sandbox
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import view_picker

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
    glyph = picture()
    view = view_picker.pick_view(
        gettext("View"),
        VIEWS,
        "view",
        LABELS,
        EARLIER,
        on_change=link_values.forget,
        args=kernel_fields.CELLS,
    )
    view(glyph)
