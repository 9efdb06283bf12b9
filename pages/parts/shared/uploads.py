"""Keep uploaded files on disk, not in memory, where Streamlit would keep them as long as the session."""

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

STORE = "uploads of {uploader}"  # in the session's state


@dataclass(frozen=True)
class File:
    """A file that a visitor brought."""

    name: str
    key: str  # unique to the file
    load: Callable[[], bytes]
    is_archive: bool = False  # stored, so that the whole file need not be read to know
    within: tuple[File, int] | None = None  # the archive that holds it, and its number there

    @classmethod
    def of(cls, name: str, content: bytes) -> File:
        """Return a file that is kept in memory."""
        return cls(name, hashlib.sha256(content).hexdigest(), lambda: content, is_archive(content))

    def member(self, number: int, name: str) -> File:
        """Return a file in this archive; its content is that of the archive, which the child unpacks."""
        return File(name, f"{self.key} {number}", self.load, within=(self, number))

    @property
    def content(self) -> bytes:
        """The bytes; they are read each time."""
        return self.load()


class FileStore:
    """The contents of a visitor's files by key, in a nameless file that vanishes with this object."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the store)
        self._positions: dict[str, tuple[int, int, bool]] = {}  # start, length, whether it is an archive
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._positions

    def put(self, key: str, content: bytes) -> None:
        """Keep the content of a file.

        Raises:
            OSError: when the disk is full.
        """
        with self._lock:
            start = self._file.seek(0, 2)
            self._file.write(content)
            self._file.flush()
            self._positions[key] = (start, len(content), is_archive(content))

    def file(self, name: str, key: str) -> File:
        """Return the file of that key."""
        start, length, archive = self._positions[key]
        return File(name, key, partial(self._read, start, length), archive)

    def _read(self, start: int, length: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)


def move_to_disk(uploaded: Sequence[UploadedFile | DeletedFile], uploader: str = "pictures") -> list[File]:
    """Move the files of an uploader to the disk and return them; on a full disk they stay in memory.

    After a restart of the server the browser still names files that the server has lost; they are left out.
    """
    present = [file for file in uploaded if isinstance(file, UploadedFile)]
    store = STORE.format(uploader=uploader)
    if not present:
        st.session_state.pop(store, None)
        return []
    if store not in st.session_state:
        st.session_state[store] = FileStore()
    return [_move(file, st.session_state[store]) for file in present]


def _move(file: UploadedFile, shelf: FileStore) -> File:
    if file.file_id not in shelf:
        content = file.getvalue()
        try:
            shelf.put(file.file_id, content)
        except OSError:
            return File(file.name, file.file_id, lambda: content, is_archive(content))
        _empty(file)
    return shelf.file(file.name, file.file_id)


def _empty(file: UploadedFile) -> None:
    """Let Streamlit keep only the name. There is no public way; if this one is gone, Streamlit keeps all."""
    with suppress(Exception):
        context = get_script_run_ctx()
        record = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, record)  # type: ignore[union-attr]
        file.truncate(0)
