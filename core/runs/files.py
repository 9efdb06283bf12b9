"""Writing to the disk so that nobody ever reads half a file, and saying in words why it cannot be done."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import RunError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def replace(path: Path, content: bytes) -> None:
    """Puts ``content`` in the place of what ``path`` held; a reader sees the old or the new, whole.

    Raises:
        OSError: when the disk is full or may not be written to; the old content then stands.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def append_line(path: Path, line: bytes) -> None:
    """Adds a line in one write; a torn line that a dead writer left before it is closed off first.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    with open(path, "a+b", buffering=0) as file:
        torn = file.tell() > 0 and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n"
        whole = (b"\n" if torn else b"") + line + b"\n"
        if file.write(whole) != len(whole):
            raise OSError(
                errno.ENOSPC, os.strerror(errno.ENOSPC)
            )  # a short write is how a disk says it is full


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Turns what the operating system says about writing into ``folder`` into a sentence for the visitor.

    Raises:
        RunError: for any ``OSError`` inside.
    """
    try:
        yield
    except OSError as error:
        raise RunError(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _FULL:
        return f"The disk that holds {folder} is full; delete runs that are no longer needed and try again."
    if error.errno in _FORBIDDEN:
        return f"{folder} may not be written to; name another folder in DEEP_IMAGE_LAB_HOME."
    return f"Nothing can be written to {folder}: {error.strerror or error}."


def _read_json(path: Path, what: str) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"The run's {what} cannot be read; its folder may have been damaged.") from error
    if not isinstance(values, dict):
        raise RunError(f"The run's {what} cannot be read; its folder may have been damaged.")
    return values


def _write_json(path: Path, values: dict[str, Any]) -> None:
    with files.in_words(path.parent):
        files.replace(path, json.dumps(values, indent=1).encode())
