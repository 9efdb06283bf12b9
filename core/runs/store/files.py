"""Read and replace the files of a run, and turn the errors of the operating system into ``RunError``."""

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
    """The disk is full; the same write may succeed later."""


_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def replace(path: Path, content: bytes) -> None:
    """Replace the content of a file; readers see either the old or the new content, never a mixture.

    Raises:
        OSError: when the disk is full or may not be written to; the old content then remains.
    """
    with draft_file(path) as draft:
        draft.write_bytes(content)


def replace_json(path: Path, values: dict[str, Any]) -> None:
    """Replace the content of a file by a JSON object.

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
    """Return the JSON object in a file of a run.

    Raises:
        RunError: when the file is missing, cannot be read, or holds something else.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not an object")
    except (OSError, ValueError, RecursionError) as error:
        raise RunError("runs.damaged_file", name=path.name) from error
    return values


def append_line(path: Path, line: bytes) -> None:
    """Append a line in one write; first end an incomplete line that a dead writer left.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    with open(path, "a+b", buffering=0) as file:
        end = file.tell()
        incomplete = end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"
        whole = (b"\n" if incomplete else b"") + line + b"\n"
        if file.write(whole) != len(whole):  # only a full disk writes less than it was given
            file.truncate(end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def run_errors(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` about writing into ``folder`` into a ``RunError``.

    Raises:
        DiskFullError: when the disk is full.
        RunError: for any other ``OSError``.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError("runs.disk_full", folder=folder) from error
        if error.errno in _FORBIDDEN:
            raise RunError("runs.forbidden", folder=folder) from error
        raise RunError("runs.unwritable", folder=folder, error=error.strerror or str(error)) from error
