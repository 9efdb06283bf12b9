"""Show the visitor's picture and one of several views of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.language import gettext
from pages.parts.inside import link_values
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import view_picker


def show_view(
    views: Mapping[str, Callable[[np.ndarray], None]],
    labels: Mapping[str, str],
    earlier: Mapping[str, str],
    forgotten: Sequence[str],
) -> None:
    """Show the picture and the chosen view; a change of view removes the ``forgotten`` values from the link.

    ``labels`` and ``earlier`` are as in ``view_picker.pick_view``.
    """
    glyph = picture()
    view = view_picker.pick_view(
        gettext("View"), views, "view", labels, earlier, on_change=link_values.forget, args=forgotten
    )
    view(glyph)
