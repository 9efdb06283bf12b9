"""A choice among the views of a page or of its part, kept in the link; only the chosen one runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pages.parts.shared import link_choice
from pages.parts.shared.option_picker import pick_option

View = TypeVar("View")


def pick_view(
    label: str,
    views: Mapping[str, View],
    key: str,
    labels: Mapping[str, str] | None = None,
    earlier: Mapping[str, str] | None = None,
    **options: Any,
) -> View:
    """Return the view that the visitor has chosen, at first the first one.

    Args:
        label: what is chosen, for screen readers.
        views: the views by id.
        key: of the widget and of the link's parameter.
        labels: the label of each view by id, marked by ``N_``; without it the ids are shown.
        earlier: ids by the names that they had in older links.
        options: more arguments of ``st.segmented_control``.
    """
    labels = {view: labels[view] if labels else view for view in views}
    first = next(iter(views))
    link_choice.restore(
        key,
        list(labels),
        first,
        {labels[view]: view for view in views}
        | {name: view for name, view in (earlier or {}).items() if view in views},
    )
    chosen = pick_option(label, labels, key, label_visibility="collapsed", **options)
    link_choice.publish(key, first)
    return views[chosen]
