"""Lock files. The kernel releases a lock when its holder dies, however it dies.

An ``flock`` belongs to an open file and to every process that inherited it. So a child process holds a lock
that was taken for it from its first instant, and no reader has to guess from a process id who is alive.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_RETRY = 0.005  # seconds; a reader that only tests a lock releases it much sooner


class Lock:
    """A held lock, identified by the open file that it belongs to."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def release(self) -> None:
        """Close the file; a child that inherited the lock keeps it, so this never unlocks explicitly."""
        os.close(self.descriptor)

    @classmethod
    def inherited(cls, descriptor: int) -> Lock:
        """Return the lock inherited from the parent process; children of this process do not inherit it.

        Raises:
            OSError: when the file is not open.
        """
        os.set_inheritable(descriptor, False)
        return cls(descriptor)


def take(path: Path, timeout: float = 0.0, shared: bool = False) -> Lock | None:
    """Take the lock, or return None if others hold it for ``timeout`` seconds.

    A ``shared`` lock can be held by several at once, but by nobody beside one that is not shared.

    Raises:
        OSError: when the file cannot be opened or created.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + timeout
    while not _flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            os.close(descriptor)
            return None
        time.sleep(_RETRY)
    return Lock(descriptor)


def is_locked(path: Path) -> bool:
    """Return whether anyone holds the lock; this does not disturb others who test it.

    Raises:
        OSError: when the file exists but cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _flock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it inside the block; for work of a few milliseconds.

    Raises:
        OSError: when the file cannot be opened or created.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
