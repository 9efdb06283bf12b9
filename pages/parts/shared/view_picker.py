"""A choice among the views of a page or of its part, kept in the link; only the chosen one runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

View = TypeVar("View")


def pick(label: str, views: Mapping[str, View], key: str, **options: Any) -> View:
    """The view that was chosen, at first the first one; ``options`` are those of ``st.segmented_control``."""
    first = next(iter(views))
    chosen = st.segmented_control(
        label,
        list(views),
        default=first,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        **options,
    )
    return views[chosen or first]
