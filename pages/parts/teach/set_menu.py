"""What can be done with a whole set: fill it from a folder, save, share, change to another, take back."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.class_sets import set_files
from core.class_sets.class_set import ClassSet
from core.class_sets.limits import (
    MOST_BYTES,
    MOST_CLASSES,
    MOST_NAME,
    MOST_PICTURES,
    MOST_SETS,
    MOST_VISITOR_BYTES,
)  # fmt: skip
from core.errors import ClassSetError
from core.language import gettext
from pages.parts.shared import own_class_sets, uploads
from pages.parts.shared.distinct_labels import distinct
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.file_download import download_button
from pages.parts.teach import adding, chosen_set
from pages.parts.teach.picture_sources import SINGLE

_ROUND = "round of sets"  # in the session's state: counts what was opened, so that the inputs are empty again
_SETS = "set to show"  # keys, before the id of the set that is shown, of the choice of a set,
_NAME = "name of the set"  # of the field for its name,
_SHARED = "set is shared"  # and of the switch that shares it


def show(described: ClassSet | None, *, may_change: bool) -> None:
    """Draw the menu; of a set of somebody else's only what does not change it."""
    with st.container(horizontal=True, key="set menu"):
        if may_change:
            _show_opening(described)
        if described is not None:
            _show_saving(described)
            if may_change:
                _show_sharing(described)
        if described is not None or own_class_sets.own():
            _show_sets(described, may_change=may_change)
        if may_change and described is not None and chosen_set.can_undo(described):
            st.button(
                gettext("Undo"),
                icon=":material/undo:",
                key="undo",
                on_click=chosen_set.undo,
                args=(described,),
            )


def show_of_others(described: ClassSet) -> None:
    """Say that the set is somebody else's, and offer a copy."""
    with st.container(horizontal=True, vertical_alignment="center"):
        told = gettext("Somebody shared this set with you. You can try it, but not change it.")
        st.markdown(told, width="content")
        if st.button(gettext("Copy to my sets"), icon=":material/content_copy:", key="copy set"):
            try:
                chosen_set.copy(described)
            except ClassSetError as error:
                adding.tell([error.message])
            st.rerun()


def _show_opening(described: ClassSet | None) -> None:
    number = st.session_state.get(_ROUND, 0)
    # With another key it closes once something was opened, so that it covers no sentence about that.
    with st.popover(gettext("Open folder or ZIP"), icon=":material/folder_open:", key=f"open files {number}"):
        st.caption(
            gettext(
                "Each folder becomes a class. A set holds up to {classes} classes, {pictures:,} pictures and "
                "{megabytes} MB.",
                classes=MOST_CLASSES,
                pictures=MOST_PICTURES,
                megabytes=MOST_BYTES >> 20,
            )
        )
        zipped, folder = f"zip {number}", f"folder {number}"
        archives = st.file_uploader(
            gettext("ZIP files"),
            "zip",
            accept_multiple_files=True,
            key=zipped,
            on_change=_move_to_disk,
            args=(zipped,),
        )
        pictures = st.file_uploader(
            gettext("Folder"),
            SINGLE,
            accept_multiple_files="directory",
            key=folder,
            on_change=_move_to_disk,
            args=(folder,),
        )
        found = uploads.move_to_disk(archives, zipped)
        brought = uploads.move_to_disk(pictures, folder)
        for uploader in (zipped, folder):
            uploads.show_refused(uploader)
    if not found and not brought:
        return
    try:
        into = described or chosen_set.create()
    except ClassSetError as error:
        adding.tell([error.message])
    else:
        for file in found:
            adding.add_archive(into, file)
        if brought:
            adding.add_folder(into, brought)
    st.session_state[_ROUND] = number + 1
    st.rerun()


def _move_to_disk(key: str) -> None:
    uploads.move_to_disk(st.session_state[key], key)


def _show_saving(described: ClassSet) -> None:
    """Offer the set as a ZIP file, or as several where one could not be opened again."""
    parts = set_files.parts(described)
    if len(parts) == 1:
        _offer_file(gettext("Save to file"), described, f"{set_files.folder_name(described.name)}.zip", 1)
        return
    with st.popover(gettext("Save to files"), icon=":material/save:", key="save files"):
        st.caption(gettext("Open these files one after another to get the whole set."))
        for number, part in enumerate(parts, 1):
            name = f"{set_files.folder_name(described.name)} {number}.zip"
            _offer_file(gettext("Save part {number}", number=number), part, name, number)


def _offer_file(label: str, part: ClassSet, name: str, number: int) -> None:
    def content() -> bytes:
        try:
            return set_files.save(chosen_set.store(), part)
        except ClassSetError:  # pictures were removed in another tab
            return set_files.save(chosen_set.store(), chosen_set.store().open(part.id))

    download_button(label, content, name, "application/zip", key=f"save set {number}")


def _show_sharing(described: ClassSet) -> None:
    with st.popover(gettext("Share"), icon=":material/share:", key="share set"):
        st.session_state[_key(_SHARED, described)] = described.shared
        st.toggle(
            gettext("Anyone with the link can see this set"),
            key=_key(_SHARED, described),
            on_change=_share,
            args=(described,),
            help=gettext("They can look at the pictures, try what was learnt and copy the set."),
        )
        if described.shared:
            page = (st.context.url or "").split("?")[0]
            st.code(f"{page}?{urlencode({chosen_set.LINK: described.id})}", language=None, wrap_lines=True)
        else:
            st.caption(gettext("Only you can see this set, even if others have its link."))


def _share(described: ClassSet) -> None:
    try:
        chosen_set.share(described, shared=st.session_state[_key(_SHARED, described)])
    except ClassSetError as error:
        adding.tell([error.message])


def _show_sets(described: ClassSet | None, *, may_change: bool) -> None:
    own = {one.id: one for one in own_class_sets.own()}
    title = gettext("Sets") if described is None else escape_markdown(described.name)
    # With another key it closes once another set is shown, so that it does not cover that one.
    with st.popover(title, icon=":material/stacks:", key=f"sets {described.id if described else ''}"):
        if described is not None and described.id not in own:
            own = {described.id: described, **own}
        if described is not None and len(own) > 1:
            names = dict(zip(own, distinct([one.name for one in own.values()]), strict=True))
            choice = _key(_SETS, described)
            st.session_state[choice] = described.id
            st.selectbox(
                gettext("Show set"),
                list(own),
                format_func=names.__getitem__,
                key=choice,
                on_change=lambda: chosen_set.choose(st.session_state[choice]),
            )
        if described is not None and may_change:
            st.session_state[_key(_NAME, described)] = described.name
            st.text_input(
                gettext("Name of this set"),
                key=_key(_NAME, described),
                max_chars=MOST_NAME,
                on_change=_rename,
                args=(described,),
            )
        with st.container(horizontal=True):
            st.button(gettext("New set"), icon=":material/add:", key="new set", on_click=_create)
            if described is not None and may_change:
                with st.popover(gettext("Delete set"), icon=":material/delete:", key="delete set"):
                    st.button(
                        gettext("Delete it with all pictures"),
                        type="primary",
                        key="delete set for good",
                        on_click=_delete,
                        args=(described,),
                    )
        st.caption(
            gettext(
                "Your sets stay on this server, and only this browser sees them. You may have {most} sets "
                "with {megabytes} MB of pictures in all.",
                most=MOST_SETS,
                megabytes=MOST_VISITOR_BYTES >> 20,
            )
        )


def _rename(described: ClassSet) -> None:
    try:
        chosen_set.rename(described, st.session_state[_key(_NAME, described)])
    except ClassSetError as error:
        adding.tell([error.message])


def _key(widget: str, described: ClassSet) -> str:
    """Return the key of a widget for one set alone.

    A browser shows nothing inside a closed menu: it would send what the widget said of the set before, which
    then counts as a change of this one.
    """
    return f"{widget} {described.id}"


def _create() -> None:
    try:
        chosen_set.create()
    except ClassSetError as error:
        adding.tell([error.message])


def _delete(described: ClassSet) -> None:
    chosen_set.check(described)
    chosen_set.store().delete(described.id)
    chosen_set.choose(None)
