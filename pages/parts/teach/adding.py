"""Add what a visitor brings to a class set: every picture reduced in a child process, in small batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

import streamlit as st

from core.class_sets import set_files
from core.class_sets.class_set import ClassSet
from core.class_sets.limits import MOST_PICTURES
from core.class_sets.set_files import SIDES, Import
from core.errors import ClassSetError, ImageError, LabError
from core.language import gettext, ngettext
from core.messages import Message, Progress
from pages.parts.shared.error_messages import sentence
from pages.parts.shared.preparation import reducer
from pages.parts.shared.uploads import File
from pages.parts.teach import chosen_set
from pages.parts.teach.chosen_set import store

BATCH = 16  # pictures that are kept at once, so that a run that is cut off loses no more
MOST_TOLD = 3  # files left out that are named one by one

_DONE = "files that were added"  # in the session's state: keys of the files before a run was cut off
_TOLD = "what the last addition says"  # in the session's state: sentences as Markdown,
_SHOWN = "what was said of the last addition"  # and those that this run shows


def add_files(described: ClassSet, name: str, files: Sequence[File]) -> None:
    """Add pictures to the class of that name; say which could not be read."""
    done: set[str] = st.session_state.setdefault(_DONE, set())
    new = [file for file in files if file.key not in done]
    left_out: list[Message] = []
    bar = st.progress(0.0, gettext("Reading the pictures"))
    try:
        if len(described.pictures) + len(new) > MOST_PICTURES:
            raise ClassSetError("class_sets.too_many_pictures", most=MOST_PICTURES)
        for first in range(0, len(new), BATCH):
            batch = new[first : first + BATCH]
            read = []
            for number, file in enumerate(batch, first + 1):
                bar.progress(number / len(new), gettext("Reading the pictures"))
                try:
                    content = reducer().reduce(file.content, file.name, SIDES)
                    read.append((name, file.name, content))
                except ImageError as error:
                    left_out.append(error.message)
            chosen_set.add(described, read)
            done.update(file.key for file in batch)
        done.clear()  # all were added, and may be added to another class, too
    except LabError as error:
        left_out.insert(0, error.message)
    bar.empty()
    tell(left_out)


def add_archive(described: ClassSet, file: File) -> None:
    """Add the classes in a ZIP file to the set; say which pictures could not be read."""

    def brought(progress: Progress) -> Import:
        content = file.content
        return set_files.add_archive(store(), described.id, content, file.name, reducer(), progress)

    _add_classes(described, brought)


def add_folder(described: ClassSet, files: Sequence[File]) -> None:
    """Add the pictures of a folder's folders, which are the classes; say which could not be read."""

    def loader(file: File) -> Callable[[], bytes]:
        return lambda: reducer().reduce(file.content, file.name, SIDES)

    found = [(PurePosixPath(file.name).parent.name, file.name, loader(file)) for file in files]
    name = next((file.name.partition("/")[0] for file in files), "")

    def brought(progress: Progress) -> Import:
        named = [one for one in found if one[0]]
        return set_files.add_pictures(store(), described.id, named, name, progress)

    _add_classes(described, brought)


def _add_classes(described: ClassSet, brought: Callable[[Progress], Import]) -> None:
    bar = st.progress(0.0, gettext("Reading the pictures"))

    def show(told: Message, share: float | None) -> None:
        bar.progress(share or 0.0, sentence(told))

    try:
        chosen_set.check(described)
        found = brought(show)
        chosen_set.record(described, found.classes)
        tell(found.left_out)
    except LabError as error:
        tell([error.message])
    bar.empty()


def tell(left_out: Sequence[Message]) -> None:
    """Keep the sentences on what was left out for the next run."""
    told = [sentence(one) for one in left_out[:MOST_TOLD]]
    if len(left_out) > MOST_TOLD:
        told.append(
            ngettext(
                "{count:,} more file could not be read.",
                "{count:,} more files could not be read.",
                len(left_out) - MOST_TOLD,
            )
        )
    st.session_state[_TOLD] = told


def show_told() -> None:
    """Show once what was left out of the last addition."""
    st.session_state[_SHOWN] = st.session_state.pop(_TOLD, ())
    for told in st.session_state[_SHOWN]:
        st.warning(told, icon=":material/warning:")


def show_again() -> None:
    """Show the same in the next run, which the page itself starts."""
    st.session_state[_TOLD] = st.session_state.get(_SHOWN, ())
