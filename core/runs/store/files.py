"""Files of which nobody ever reads half, and words for why one cannot be written."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.drafts import draft_file
from core.errors import RunError


class DiskFullError(RunError):
    """There is no room to write; the same may well succeed later."""


_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def replace(path: Path, content: bytes) -> None:
    """Puts ``content`` in the place of what ``path`` held; a reader sees the old or the new, whole.

    Raises:
        OSError: when the disk is full or may not be written to; the old content then stands.
    """
    with draft_file(path) as draft:
        draft.write_bytes(content)


def replace_json(path: Path, values: dict[str, Any]) -> None:
    """Puts a JSON object in the place of what ``path`` held.

    Raises:
        OSError: as ``replace``.
    """
    with draft_file(path) as draft:
        write_json(draft, values)


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a JSON object into a new file.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a run's file.

    Raises:
        RunError: when the file is missing, cannot be read, or holds something else.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not an object")
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"The run's {path.name} cannot be read; it was damaged or deleted.") from error
    return values


def append_line(path: Path, line: bytes) -> None:
    """Adds a line in one write; a torn line that a dead writer left before it is closed off first.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    with open(path, "a+b", buffering=0) as file:
        end = file.tell()
        torn = end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"
        whole = (b"\n" if torn else b"") + line + b"\n"
        if file.write(whole) != len(whole):  # a short write is how a disk says that it is full
            file.truncate(end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Turns what the operating system says about writing into ``folder`` into a sentence for the visitor.

    Raises:
        DiskFullError: for an ``OSError`` inside that says so.
        RunError: for any other.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(
                f"The disk that holds {folder} is full; delete runs that are no longer needed."
            ) from error
        raise RunError(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _FORBIDDEN:
        return f"{folder} may not be written to; name another folder in DEEP_IMAGE_LAB_HOME."
    return f"Nothing can be written to {folder}: {error.strerror or error}."
