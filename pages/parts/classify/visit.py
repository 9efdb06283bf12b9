"""Keep pictures and choices while the visitor is on another page, and over a reload of this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from core.language import gettext, ngettext
from pages.parts.classify import (
    boxed_picture,
    examples,
    left_out,
    many_pictures,
    reading_choice,
    true_answers,
)
from pages.parts.shared import preparation, uploads, visitors
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.kept_visits import Visit, visits
from pages.parts.shared.uploads import File

LINK = "kept"  # in the link: the id of what is kept
VISIT = "kept visit"  # in the session's state: the ``Visit``,
LIVE = "files in widgets"  # and the keys of the files that each widget shows itself
SOURCE, UPLOAD = "source", "upload"
CHOICES = (
    SOURCE,
    boxed_picture.GLYPH,
    examples.KEY,
    many_pictures.LOOKED_AT,
    many_pictures.SEEN,
    boxed_picture.SHOWN_OF,
    preparation.TURNS,
    reading_choice.KEY,
    reading_choice.KEY_OF_DRAWINGS,
    reading_choice.CHOSEN,
    reading_choice.CORRECTED,
    true_answers.TYPED,
)

Brought = Sequence[UploadedFile | DeletedFile]


@contextmanager
def remembered() -> Iterator[None]:
    """Restore the visitor's pictures and choices; keep them after the body, however it ends."""
    visit, state = _restored(), st.session_state
    for key, value in visit.choices.items():
        state.setdefault(key, value)
    try:
        yield
    finally:
        # To look through all items of the state takes 1.5 ms in each run.
        picture = left_out.key_of(state.get(boxed_picture.SHOWN_OF, ""))
        visit.choices = {key: state[key] for key in {*CHOICES, *visit.choices, picture} if key in state}
        visit.shelf = uploads.shelf()
        _keep(visit)


def files_of(brought: Brought, source: str) -> list[File]:
    """Return the files of a widget; while it has none, those from before the visitor went elsewhere."""
    visit = _visit()
    files = uploads.move_to_disk(brought, others=visit.keys)
    _live()[source] = {file.key for file in files}
    shelf = uploads.shelf()
    if not files and shelf is not None:
        kept = visit.names.get(source, {})
        files = [shelf.file(name, key) for key, name in kept.items() if key in shelf]
    visit.names[source] = {file.key: file.name for file in files}
    return files


def drop_removed(brought: Brought, source: str) -> None:
    """Forget the files that the visitor has just removed from a widget, which now has these."""
    present = {file.file_id for file in brought if isinstance(file, UploadedFile)}
    visit = _visit()
    names = visit.names.setdefault(source, {})
    for key in _live().get(source, set()) - present:
        names.pop(key, None)
    uploads.move_to_disk(brought, others=visit.keys)


def offer_removal(source: str) -> None:
    """Offer to remove the files that the widget does not show itself."""
    hidden = {k: n for k, n in _visit().names.get(source, {}).items() if k not in _live().get(source, ())}
    if hidden:
        first = escape_markdown(next(iter(hidden.values())))
        st.button(
            gettext("Remove {name}", name=first)
            if len(hidden) == 1
            else ngettext("Remove {count} picture", "Remove {count} pictures", len(hidden)),
            icon=":material/close:",
            type="tertiary",
            key=f"remove {source}",
            on_click=_remove,
            args=(source, set(hidden)),
        )


def _remove(source: str, keys: set[str]) -> None:
    for key in keys:
        _visit().names[source].pop(key, None)


def _visit() -> Visit:
    if VISIT not in st.session_state:
        st.session_state[VISIT] = Visit()
    return st.session_state[VISIT]


def _live() -> dict[str, set[str]]:
    return st.session_state.setdefault(LIVE, {})


def _restored() -> Visit:
    """Return the session's visit: after a reload the one in the link, if it is this visitor's."""
    visit, linked = _visit(), st.query_params.get(LINK)
    if visit.keys or not linked or linked == visit.id:
        return visit
    found = visits().find(linked, visitors.visitor().ids)
    if found is None:
        return visit
    st.session_state[VISIT] = found
    if found.shelf is not None:
        uploads.restore(found.shelf)
    for key, value in found.choices.items():
        st.session_state[key] = value
    return found


def _keep(visit: Visit) -> None:
    """Keep what there is over a reload, and name it in the link."""
    has_something = visit.keys or visit.choices.get(SOURCE, UPLOAD) != UPLOAD
    if has_something and visits().keep(visit, visitors.visitor().ids):
        if st.query_params.get(LINK) != visit.id:
            st.query_params[LINK] = visit.id
    elif st.query_params.get(LINK) == visit.id:
        del st.query_params[LINK]
