"""A card for each class: its name, its pictures, and the ways to bring more."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.class_sets.class_set import ClassSet, TaughtClass
from core.class_sets.limits import MOST_CLASSES, MOST_NAME
from core.errors import ClassSetError
from core.language import gettext
from pages.parts.components.picture_shelf import ShelfPicture, shelf
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.teach import adding, chosen_set, picture_sources
from pages.parts.teach.pointed_out import PictureMark
from pages.parts.teach.thumbnails import thumbnail

MOST_SHOWN = 48  # pictures of a class, unless all are asked for

_OPEN = "class that is being filled"  # in the session's state: its name
_NEW = "new class"  # key of the field for its name


def show(described: ClassSet, marks: dict[str, PictureMark], *, may_change: bool) -> None:
    """Draw the cards; ``marks`` are those of the pictures that are pointed out, by their ids."""
    for number in range(len(described.classes)):
        with st.container(border=True, key=f"class card {number}"):
            _show_class(described, number, marks, may_change=may_change)


def show_new_class(described: ClassSet | None) -> None:
    """Draw the field for the name of another class; a set is created with its first class."""
    if described is not None and len(described.classes) >= MOST_CLASSES:
        st.caption(gettext("A set has at most {most} classes.", most=MOST_CLASSES))
        return
    with (
        st.form("add class", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(
            gettext("Name of a class"),
            key=_NEW,
            max_chars=MOST_NAME,
            placeholder=gettext("For example: cup"),
        )
        pressed = st.form_submit_button(gettext("Add class"), icon=":material/add:", key="add class button")
    if not pressed:
        return
    try:
        changed = chosen_set.change(described or chosen_set.create(), lambda old: old.with_class(name))
    except ClassSetError as error:
        adding.tell([error.message])
    else:
        open_class(changed.names[-1])
    st.rerun()


def open_class(name: str) -> None:
    """Show the ways to bring pictures in the card of that class."""
    st.session_state[_OPEN] = name


def _show_class(described: ClassSet, number: int, marks: dict[str, PictureMark], *, may_change: bool) -> None:
    one = described.classes[number]
    if may_change:
        _show_head(described, number)
    else:
        st.markdown(f"**{escape_markdown(one.name)}**")
    _show_pictures(described, number, marks, may_change=may_change)
    if may_change and st.session_state.get(_OPEN) == one.name:
        picture_sources.show(described, one.name)


def _show_head(described: ClassSet, number: int) -> None:
    one = described.classes[number]
    is_open = st.session_state.get(_OPEN) == one.name
    with st.container(horizontal=True, vertical_alignment="center"):
        key = f"name of {one.name}"
        st.text_input(
            gettext("Name"),
            one.name,
            key=key,
            max_chars=MOST_NAME,
            label_visibility="collapsed",
            on_change=_rename,
            args=(described, number, key),
        )
        st.button(
            gettext("Close") if is_open else gettext("Add pictures"),
            icon=":material/expand_less:" if is_open else ":material/add_photo_alternate:",
            key=f"fill {one.name}",
            on_click=open_class,
            args=("" if is_open else one.name,),
        )
        st.button(
            "",
            icon=":material/delete:",
            key=f"remove {one.name}",
            help=gettext("Remove this class"),
            type="tertiary",
            on_click=_change,
            args=(described, lambda old: old.without_class(_number(old, one.name))),
        )


def _show_pictures(
    described: ClassSet, number: int, marks: dict[str, PictureMark], *, may_change: bool
) -> None:
    one = described.classes[number]
    if not one.pictures:
        st.caption(gettext("No pictures yet"))
        return
    shelf(
        _shown(described, one, marks),
        key=f"pictures of {one.name}",
        others={k: name for k, name in enumerate(described.names) if k != number},
        on_remove=(lambda ids: _remove(described, ids)) if may_change else None,
        on_move=(lambda ids, to: _move(described, ids, to)) if may_change else None,
        count=len(one.pictures),
    )
    if len(one.pictures) > MOST_SHOWN:
        st.toggle(gettext("Show all pictures"), key=_all_key(one))


def _shown(described: ClassSet, one: TaughtClass, marks: dict[str, PictureMark]) -> list[ShelfPicture]:
    """Return the pictures on the shelf: those pointed out first, then the newest."""
    newest = one.pictures[::-1]
    unmarked = PictureMark("", mild=True)
    ordered = sorted(newest, key=lambda picture: marks.get(picture.id, unmarked).mild)
    if not st.session_state.get(_all_key(one)):
        ordered = ordered[:MOST_SHOWN]
    return [
        ShelfPicture(picture.id, thumbnail(described, picture.id), picture.name, mark.words, mark.mild)
        for picture in ordered
        for mark in [marks.get(picture.id, unmarked)]
    ]


def _all_key(one: TaughtClass) -> str:
    return f"all of {one.name}"


def _rename(described: ClassSet, number: int, key: str) -> None:
    old, new = described.names[number], st.session_state[key]
    _change(described, lambda now: now.renamed(_number(now, old), new))
    st.session_state.pop(key, None)
    if st.session_state.get(_OPEN) == old:
        open_class(new.strip())


def _remove(described: ClassSet, ids: list[str]) -> None:
    def removed(old: ClassSet) -> ClassSet:
        for one in ids:
            old = old.without_picture(one)
        return old

    _change(described, removed)


def _move(described: ClassSet, ids: list[str], to: int) -> None:
    def moved(old: ClassSet) -> ClassSet:
        number = _number(old, described.names[to])
        for one in ids:
            old = old.moved(one, number)
        return old

    _change(described, moved)


def _number(now: ClassSet, name: str) -> int:
    """Return the number of a class, which another tab may have changed.

    Raises:
        ClassSetError: when it was removed or has another name.
    """
    number = now.number_of(name)
    if number is None:
        raise ClassSetError("class_sets.no_class", name=name)
    return number


def _change(described: ClassSet, changed: Callable[[ClassSet], ClassSet]) -> None:
    """Change the set in a callback; say why if that is not possible."""
    try:
        chosen_set.change(described, changed)
    except ClassSetError as error:
        adding.tell([error.message])
