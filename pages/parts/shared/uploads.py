"""Keep uploaded files on disk, not in memory, where Streamlit would keep them as long as the session."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from core.errors import ImageError
from core.images.archive import is_archive
from core.language import join
from pages.parts.shared.error_messages import show_error

MAX_BYTES = 512 * 2**20  # of all uploads of a session
STORE = "uploads of {uploader}"  # in the session's state


@dataclass(frozen=True)
class File:
    """A file that a visitor brought."""

    name: str
    key: str  # unique to the file
    load: Callable[[], bytes]
    is_archive: bool = False  # stored, so that the whole file need not be read to know
    within: tuple[File, int] | None = None  # the archive that holds it, and its number there
    is_example: bool = False  # one of the app's own pictures, which are the same for all visitors

    @classmethod
    def of(cls, name: str, content: bytes, *, is_example: bool = False) -> File:
        """Return a file that is kept in memory."""
        key = hashlib.sha256(content).hexdigest()
        return cls(name, key, lambda: content, is_archive(content), is_example=is_example)

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
        self.refused: dict[str, str] = {}  # names of files that found no room, by key

    def __contains__(self, key: str) -> bool:
        return key in self._positions

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(length for _, length, _ in self._positions.values())

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

    def keep(self, keys: set[str]) -> None:
        """Drop all other files; free their space once it is more than that of the files that are left.

        Raises:
            OSError: when the disk is full.
        """
        self.refused = {key: name for key, name in self.refused.items() if key in keys}
        self._positions = {key: place for key, place in self._positions.items() if key in keys}
        with self._lock:
            if self._file.seek(0, 2) <= 2 * self.size:
                return
            moved, positions = tempfile.TemporaryFile(), {}  # noqa: SIM115 (closed with the store)
            for key, (start, length, archive) in self._positions.items():
                self._file.seek(start)
                positions[key] = (moved.tell(), length, archive)
                moved.write(self._file.read(length))
            moved.flush()
            self._file.close()
            self._file, self._positions = moved, positions

    def file(self, name: str, key: str) -> File:
        """Return the file of that key."""
        return File(name, key, partial(self._read, key), self._positions[key][2])

    def _read(self, key: str) -> bytes:
        with self._lock:
            start, length, _ = self._positions[key]
            self._file.seek(start)
            return self._file.read(length)


def move_to_disk(
    uploaded: Sequence[UploadedFile | DeletedFile], uploader: str = "pictures", others: Set[str] = frozenset()
) -> list[File]:
    """Move the files of an uploader to the disk and return them; on a full disk they stay in memory.

    Files beyond the limit of the session are left out, and ``show_refused`` names them. Files that the
    visitor has taken back are dropped, but those with the keys ``others`` stay. After a restart of the server
    the browser still names files that the server has lost; they are left out too.
    """
    present = [file for file in uploaded if isinstance(file, UploadedFile)]
    store = STORE.format(uploader=uploader)
    if not present and not others:
        st.session_state.pop(store, None)
        return []
    if store not in st.session_state:
        st.session_state[store] = FileStore()
    kept: FileStore = st.session_state[store]
    with suppress(OSError):  # on a full disk nothing is moved
        kept.keep({file.file_id for file in present} | others)
    return [found for file in present if (found := _move(file, kept)) is not None]


def shelf(uploader: str = "pictures") -> FileStore | None:
    """Return where the files of an uploader are; None before the first."""
    return st.session_state.get(STORE.format(uploader=uploader))


def restore(shelf: FileStore, uploader: str = "pictures") -> None:
    """Let an uploader use the files of an earlier session."""
    st.session_state[STORE.format(uploader=uploader)] = shelf


def show_refused(uploader: str = "pictures") -> None:
    """Say so if files of the uploader found no room."""
    kept = shelf(uploader)
    if kept is not None and kept.refused:
        show_error(ImageError("pages.uploads_full", names=join(kept.refused.values()), most=MAX_BYTES >> 20))


def _move(file: UploadedFile, shelf: FileStore) -> File | None:
    """Return the file once it is on the disk; None if the session has no room for it."""
    key = file.file_id
    if key in shelf.refused:
        return None
    if key not in shelf:
        content = file.getvalue()
        if _size_of_session() + len(content) > MAX_BYTES:
            shelf.refused[key] = file.name
            _empty(file)
            return None
        try:
            shelf.put(key, content)
        except OSError:
            return File(file.name, key, lambda: content, is_archive(content))
        _empty(file)
    return shelf.file(file.name, key)


def _size_of_session() -> int:
    state, beginning = st.session_state, STORE.partition("{")[0]
    return sum(state[key].size for key in list(state) if str(key).startswith(beginning))


def _empty(file: UploadedFile) -> None:
    """Let Streamlit keep only the name. There is no public way; if this one is gone, Streamlit keeps all."""
    with suppress(Exception):
        context = get_script_run_ctx()
        record = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, record)  # type: ignore[union-attr]
        file.truncate(0)
