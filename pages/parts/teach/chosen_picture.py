"""Keep the picture that the visitor looks into, from the map, the neighbours or the confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.class_sets.taught_set import TaughtSet
from core.language import gettext
from pages.parts.teach.thumbnails import thumbnail

_CHOSEN = "picture looked into"  # in the session's state: its id


@dataclass(frozen=True)
class RowPicture:
    """A picture in a row, by its number in the set, and what is said below it, as Markdown."""

    number: int
    words: str


def chosen(taught: TaughtSet) -> int | None:
    """Return the number of the chosen picture in the set, None if there is none."""
    picture = st.session_state.get(_CHOSEN)
    return taught.features.pictures.index(picture) if picture in taught.features.pictures else None


def choose(taught: TaughtSet, number: int) -> None:
    """Look into the picture of that number in the set."""
    st.session_state[_CHOSEN] = taught.features.pictures[number]


def show_row(taught: TaughtSet, pictures: Sequence[RowPicture], *, key: str) -> None:
    """Show pictures side by side, each with a button that chooses it."""
    with st.container(horizontal=True, gap="small"):
        for one in pictures:
            with st.container(width=96, gap=None):
                address = thumbnail(taught.classes, taught.features.pictures[one.number])
                if address:
                    st.image(address, caption=one.words, alt=one.words, width=84)
                st.button(
                    gettext("Look into"),
                    key=f"{key} {one.number}",
                    type="tertiary",
                    on_click=choose,
                    args=(taught, one.number),
                )
