"""The pictures of a set that are most alike to one of them, to the network."""

from __future__ import annotations

import streamlit as st

from core.class_sets.lookalikes import nearest
from core.class_sets.taught_set import TaughtSet
from core.language import gettext
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.teach.chosen_picture import RowPicture, show_row

MOST = 6


def show(taught: TaughtSet, number: int) -> None:
    """Show the nearest neighbours of the picture of that number."""
    features, labels = taught.features.values, taught.features.labels
    found = [(k, likeness) for k, likeness in nearest(features, features[number], MOST + 1) if k != number]
    st.markdown(gettext("**Nearest neighbours**"))
    show_row(
        taught,
        [
            RowPicture(k, f"{escape_markdown(taught.classes.names[labels[k]])} {likeness:.2f}")
            for k, likeness in found[:MOST]
        ],
        key="neighbour",
    )
    strangers = sum(labels[k] != labels[number] for k, _ in found[:MOST])
    st.caption(
        gettext(
            "The number is the cosine between the features; 1 means equal. Of another class: {count}.",
            count=strangers,
        )
    )
