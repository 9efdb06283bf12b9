"""Find the visitor's own class sets, and what was learnt from them."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.bundles.bundle import Card
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.features import shipped_backbone
from core.class_sets.taught_classifier import TaughtClassifier, card_of
from core.class_sets.taught_set import with_pictures
from core.class_sets.teaching_process import TeachingPool
from core.errors import ClassSetError
from pages.parts.shared import visitors
from pages.parts.shared.process_cache import kept_in_process

_IDS = "class sets"  # in the session's state: ids of the visitor's sets,
_OWNER = "class sets of"  # and the ids of the visitor for whom they were looked up


def own() -> list[ClassSet]:
    """Return the visitor's sets, the one changed last first when the session began, later ones before."""
    me = visitors.visitor()
    if st.session_state.get(_OWNER) != me.ids:  # a new session, or its browser has just told who it is
        found = [one.id for visitor_id in me.ids for one in own_class_sets().of(visitor_id)]
        st.session_state[_OWNER], st.session_state[_IDS] = me.ids, found
    sets = []
    for set_id in st.session_state[_IDS]:
        with suppress(ClassSetError):  # it was deleted meanwhile
            sets.append(own_class_sets().open(set_id))
    return sets


def remember(described: ClassSet) -> None:
    """Add a new set to the visitor's."""
    own()
    st.session_state[_IDS] = [described.id, *st.session_state[_IDS]]


def can_classify(described: ClassSet) -> bool:
    """Return whether enough classes have enough pictures."""
    return sum(len(one.pictures) > 1 for one in described.classes) > 1


@kept_in_process()
def teaching_pool() -> TeachingPool:
    """Return what teaches class sets, for all visitors."""
    return TeachingPool()


def card(described: ClassSet) -> Card:
    """Return what the card of a set's network says; the same object until the set changes."""
    return _card(with_pictures(described))


def classifier(described: ClassSet) -> TaughtClassifier:
    """Return a classifier that has learnt a set.

    Raises:
        ClassSetError: when a picture is missing.
        ExperimentError: when a large set cannot be learnt, with the reason.
    """
    return _classifier(with_pictures(described))


@kept_in_process(64)
def _card(filled: ClassSet) -> Card:
    return card_of(filled, shipped_backbone())


@kept_in_process(8)
def _classifier(filled: ClassSet) -> TaughtClassifier:
    return TaughtClassifier(teaching_pool().teach(filled), shipped_backbone())
