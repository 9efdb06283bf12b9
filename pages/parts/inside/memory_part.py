"""Memory: how a recurrent network reads row by row, how far back it learns, and how one draws."""

from __future__ import annotations

from core.language import N_, gettext
from pages.parts.inside import cell_comparison, link_values, row_completion, row_reading, vanishing_gradients
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import view_picker

VIEWS = {
    "rows": row_reading.show,
    "cells": cell_comparison.show,
    "gradients": vanishing_gradients.show,
    "completion": row_completion.show,
}
LABELS = {
    "rows": N_("Row by row"),
    "cells": N_("Three cells"),
    "gradients": N_("Vanishing gradients"),
    "completion": N_("Complete a digit"),
}
# The labels that older links hold.
EARLIER = {
    "Row by row": "rows",
    "Three cells": "cells",
    "Vanishing gradient": "gradients",
    "Complete": "completion",
}


def show() -> None:
    """Show the visitor's picture and the chosen view; changing the view forgets the row and the unit."""
    glyph = picture()
    view = view_picker.pick_view(
        gettext("View"),
        VIEWS,
        "view",
        LABELS,
        EARLIER,
        on_change=link_values.forget,
        args=("row", "unit", "recurrent"),
    )
    view(glyph)
