"""Uploaded files wait on disk, not in memory, where Streamlit would keep them as long as the session."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from core.images.archive import is_archive

SHELF = "uploads"


@dataclass(frozen=True)
class File:
    """A file that a visitor brought."""

    name: str
    key: str  # tells it from all others
    load: Callable[[], bytes]
    is_archive: bool = False  # kept, so that nobody reads the whole file to know

    @classmethod
    def of(cls, name: str, content: bytes) -> File:
        """One that is kept in memory."""
        return cls(name, hashlib.sha256(content).hexdigest(), lambda: content, is_archive(content))

    @property
    def content(self) -> bytes:
        """The bytes, read anew each time."""
        return self.load()


class Shelf:
    """The contents of a visitor's files by key, in a file without a name that is gone when they are."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when nobody holds the shelf)
        self._places: dict[str, tuple[int, int, bool]] = {}  # start, length, whether it is an archive
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def put(self, key: str, content: bytes) -> None:
        """Keeps a content.

        Raises:
            OSError: when the disk is full.
        """
        with self._lock:
            start = self._file.seek(0, 2)
            self._file.write(content)
            self._file.flush()
            self._places[key] = (start, len(content), is_archive(content))

    def file(self, name: str, key: str) -> File:
        """The file of that key."""
        start, length, archive = self._places[key]
        return File(name, key, partial(self._read, start, length), archive)

    def _read(self, start: int, length: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)


def move_to_disk(uploaded: Sequence[UploadedFile | DeletedFile]) -> list[File]:
    """The files of an uploader, moved out of memory; where there is no room on the disk they stay in it.

    A server that was restarted is told by the browser of files that it no longer has; they are left out.
    """
    there = [file for file in uploaded if isinstance(file, UploadedFile)]
    if not there:
        st.session_state.pop(SHELF, None)
        return []
    if SHELF not in st.session_state:
        st.session_state[SHELF] = Shelf()
    return [_moved(file, st.session_state[SHELF]) for file in there]


def _moved(file: UploadedFile, shelf: Shelf) -> File:
    if file.file_id not in shelf:
        content = file.getvalue()
        try:
            shelf.put(file.file_id, content)
        except OSError:
            return File(file.name, file.file_id, lambda: content, is_archive(content))
        _emptied(file)
    return shelf.file(file.name, file.file_id)


def _emptied(file: UploadedFile) -> None:
    """Has Streamlit keep the name alone. There is no public way; where this one is gone, it keeps all."""
    with suppress(Exception):
        context = get_script_run_ctx()
        record = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, record)  # type: ignore[union-attr]
        file.truncate(0)
