"""Find the class set that the page shows: the link's, the one looked at last, or the visitor's latest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from core.class_sets import class_set_store
from core.class_sets.class_set import ClassSet, checked_name
from core.class_sets.class_set_store import ClassSetStore, check_owner
from core.errors import ClassSetError
from pages.parts.shared import own_class_sets, visitors
from pages.parts.shared.error_messages import show_error

LINK = "set"  # in the link: the set's id

_CHOSEN = "class set"  # in the session's state: the id of the set,
_LAST_CHANGE = "last change of a class set"  # and that set before and after its last change


def store() -> ClassSetStore:
    """Return the class sets of this machine."""
    return class_set_store.own_class_sets()


def opened() -> ClassSet | None:
    """Return the set to show, and name it in the link; None if the visitor has none.

    A set of the link that does not exist, or is private to somebody else, is told by one sentence.
    """
    asked = st.query_params.get(LINK)
    for set_id in filter(None, (asked, st.session_state.get(_CHOSEN))):
        try:
            return _chosen(_visible(set_id))
        except ClassSetError as error:
            if set_id == asked:
                show_error(error)
    latest = own_class_sets.own()
    if latest:
        return _chosen(latest[0])
    st.query_params.pop(LINK, None)
    return None


def choose(set_id: str | None) -> None:
    """Show the set of that id from the next run on; None for the visitor's latest."""
    st.session_state[_CHOSEN] = set_id
    if set_id is None:
        st.query_params.pop(LINK, None)
    else:
        st.query_params[LINK] = set_id


def create(name: str | None = None) -> ClassSet:
    """Create an empty set of the visitor's and show it.

    Raises:
        ClassSetError: when the visitor has too many sets, or the disk is full.
    """
    owner = visitors.starter().id
    created = store().create(owner) if name is None else store().create(owner, name)
    own_class_sets.remember(created)
    choose(created.id)
    return created


def may_change(described: ClassSet) -> bool:
    """Return whether the visitor may change a set."""
    try:
        check(described)
    except ClassSetError:
        return False
    return True


def check(described: ClassSet) -> None:
    """Check that the visitor may change a set.

    Raises:
        ClassSetError: when it is another visitor's.
    """
    check_owner(described, visitors.visitor().ids)


def change(described: ClassSet, changed: Callable[[ClassSet], ClassSet]) -> ClassSet:
    """Change a set of the visitor's and return it; errors as ``ClassSetStore.change``."""
    check(described)
    before = store().open(described.id)
    after = store().change(described.id, changed)
    record(before, after)
    return after


def record(before: ClassSet, after: ClassSet) -> None:
    """Remember a change, so that it can be taken back."""
    st.session_state[_LAST_CHANGE] = before, after


def add(described: ClassSet, pictures: Sequence[tuple[str, str, bytes]]) -> ClassSet:
    """Add reduced pictures to a set of the visitor's and return it; errors as ``ClassSetStore.add``."""
    check(described)
    return store().add(described.id, pictures)


def rename(described: ClassSet, name: str) -> None:
    """Give a set of the visitor's another name.

    Raises:
        ClassSetError: when it can be no name.
    """
    plain = checked_name(name)
    change(described, lambda old: replace(old, name=plain))


def share(described: ClassSet, *, shared: bool) -> None:
    """Let everyone who has the link look at a set, or only its visitor."""
    check(described)
    store().change(described.id, lambda old: replace(old, shared=shared))


def copy(described: ClassSet) -> None:
    """Copy a set to the visitor's own and show the copy.

    Raises:
        ClassSetError: when the visitor has no room for it, or a picture is missing.
    """
    made = create(described.name)
    try:
        store().add_copy(made.id, described)
    except ClassSetError:
        store().delete(made.id)
        choose(described.id)
        raise


def can_undo(described: ClassSet) -> bool:
    """Return whether the last change of the set was made here and can be taken back."""
    _, after = st.session_state.get(_LAST_CHANGE, (None, None))
    return after is not None and after == described


def undo(described: ClassSet) -> None:
    """Take the last change of the set back, if nothing has changed it since."""
    before, after = st.session_state.pop(_LAST_CHANGE, (None, None))
    with suppress(ClassSetError):
        store().change(described.id, lambda now: before if now == after else now)


def _visible(set_id: str) -> ClassSet:
    """Return a set that the visitor may look at.

    Raises:
        ClassSetError: when there is no such set, or it is damaged or private to somebody else.
    """
    found = store().open(set_id)
    if not found.may_be_seen_by(visitors.visitor().ids):
        raise ClassSetError("class_sets.missing")
    return found


def _chosen(found: ClassSet) -> ClassSet:
    if st.session_state.get(_CHOSEN) != found.id or st.query_params.get(LINK) != found.id:
        choose(found.id)
    return found
