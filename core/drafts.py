"""Write a file or folder as a draft and rename it when it is complete, so that nobody reads half of it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def draft_file(path: Path) -> Iterator[Path]:
    """Yield a path to write to; then put the written file in the place of ``path``, safely on the disk.

    If writing fails, the old content remains and the draft is deleted.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield draft
        flush_to_disk(draft)
        os.replace(draft, path)
    except BaseException:
        _delete(draft)
        raise


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill; then put it in the place of ``folder``, safely on the disk.

    The previous folder is deleted only when the new one is in its place. If anything fails, the previous
    folder remains and the draft is deleted.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    draft = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    draft.mkdir(parents=True)
    try:
        yield draft
        for path in draft.rglob("*"):
            if path.is_file():
                flush_to_disk(path)
        _exchange(draft, folder)
    finally:
        _delete(draft)


def flush_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut.

    Raises:
        OSError: when the disk is full or fails.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exchange(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
        return
    old = draft.with_name(f"{draft.name}-old")
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    _delete(old)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)
