"""Point out pictures that look like another class than their own, and near duplicates."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.class_sets.lookalikes import MOST_PAIRS
from core.class_sets.taught_set import TaughtSet
from core.language import gettext, ngettext, percent
from pages.parts.shared.error_messages import escape_markdown


@dataclass(frozen=True)
class PictureMark:
    """Why a picture is pointed out."""

    words: str
    mild: bool = False  # whether it may well be in the right class


def marks(taught: TaughtSet) -> dict[str, PictureMark]:
    """Return why pictures are pointed out, by their ids."""
    names, ids = taught.classes.names, taught.features.pictures
    found: dict[str, PictureMark] = {}
    for pair in taught.duplicates:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            found.setdefault(ids[one], _duplicate(names[taught.features.labels[other]], pair.same_class))
    for odd in taught.odd_ones:
        words = gettext(
            "looks like {name}, probability {p}", name=names[odd.looks_like], p=percent(odd.probability)
        )
        found[ids[odd.picture]] = PictureMark(words)
    return found


def show(taught: TaughtSet) -> None:
    """Say how many pictures are pointed out; in their classes, they come first and have a mark."""
    odd = len(taught.odd_ones)
    if odd:
        st.warning(
            ngettext(
                "{count} picture looks like another class than its own. Is it in the right one?",
                "{count} pictures look like another class than their own. Are they in the right one?",
                odd,
            ),
            icon=":material/help:",
        )
    across = [pair for pair in taught.duplicates if not pair.same_class]
    if across:
        names, labels = taught.classes.names, taught.features.labels
        first = across[0]
        st.warning(
            gettext(
                "Nearly the same picture is in two classes: {one} and {other}. Remove it from one of them.",
                one=escape_markdown(names[labels[first.first]]),
                other=escape_markdown(names[labels[first.second]]),
            ),
            icon=":material/content_copy:",
        )
    within = {pair.second for pair in taught.duplicates if pair.same_class}
    if within:
        count = f"{len(within)}+" if len(taught.duplicates) >= MOST_PAIRS else str(len(within))
        st.caption(
            gettext(
                "Pictures that are nearly the same as another of their class: {count}. The accuracy may be "
                "too high, because a held-out picture may have been learnt from its copy.",
                count=count,
            )
        )


def _duplicate(other: str, same_class: bool) -> PictureMark:
    if same_class:
        return PictureMark(gettext("nearly the same as another picture of this class"), mild=True)
    return PictureMark(gettext("nearly the same as a picture of {name}", name=other))
