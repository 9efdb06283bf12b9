"""Teach the set's classes, and keep in the session what was learnt last."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from core.class_sets.class_set import ClassSet
from core.class_sets.taught_set import TaughtSet, with_pictures
from core.errors import LabError
from core.messages import Message, Progress
from pages.parts.shared import own_class_sets
from pages.parts.shared.error_messages import sentence
from pages.parts.teach import adding

_LAST = "what was learnt last"  # in the session's state: a set, and what was learnt from it


def kept(described: ClassSet) -> TaughtSet | None:
    """Return what was learnt from a set if its pictures have not changed since."""
    filled, taught = st.session_state.get(_LAST, (None, None))
    return taught if filled == with_pictures(described) else None


def taught(described: ClassSet, progress: Progress | None = None) -> TaughtSet:
    """Return what a linear head has learnt from a set; computed once until the set's pictures change.

    Raises:
        ClassSetError: when fewer than two classes have two pictures, or a picture is missing.
        ExperimentError: when a large set cannot be learnt, with the reason.
    """
    found = kept(described)
    if found is None:
        filled = with_pictures(described)
        found = own_class_sets.teaching_pool().teach(filled, progress)
        st.session_state[_LAST] = filled, found
    return found


def show_learning(described: ClassSet) -> NoReturn:
    """Learn with a progress bar and run the page again; without enough pictures, say what is missing."""
    place = st.empty()

    def show(told: Message, share: float | None) -> None:
        place.progress(share or 0.0, sentence(told))

    try:
        taught(described, show)
    except LabError as error:
        place.info(sentence(error), icon=":material/info:")
        st.stop()
    adding.show_again()
    st.rerun()  # the classes now point pictures out
