"""Memory: how a recurrent network reads row by row, how far back it learns, and how one draws."""

from __future__ import annotations

from core.language import N_
from pages.parts.inside import cell_comparison, row_completion, row_reading, vanishing_gradients
from pages.parts.inside.picture_views import show_view

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
    show_view(VIEWS, LABELS, EARLIER, ("row", "unit", "recurrent"))
