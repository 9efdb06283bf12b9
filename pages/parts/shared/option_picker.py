"""A choice among a few labelled options, each known by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.language import gettext


def pick_option(label: str, labels: Mapping[str, str], key: str, **options: Any) -> str:
    """Draw the options side by side; return the id of the chosen one.

    Args:
        label: what is chosen.
        labels: the label of each option by its id, marked by ``N_``.
        key: of the widget.
        options: more arguments of ``st.segmented_control``.
    """
    chosen: str | None = st.segmented_control(
        label,
        list(labels),
        required=True,
        format_func=lambda option: gettext(labels[option]),
        key=key,
        **options,
    )
    return chosen or next(iter(labels))
