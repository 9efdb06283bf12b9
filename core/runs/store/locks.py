"""Locks on files that the kernel takes back when their holder dies, however it dies.

An ``flock`` belongs to an open file and to every process that inherited it, so a lock taken before a child is
started is the child's from its first instant, and nobody has to guess from a process number who still lives.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLINK = 0.005  # seconds; somebody who only looks whether a lock is held has let go long before


class Lock:
    """A lock that is held, known by the open file that it belongs to."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def release(self) -> None:
        """Lets go; a child that inherited the lock holds it still (so this closes and never unlocks)."""
        os.close(self.descriptor)

    @classmethod
    def inherited(cls, descriptor: int) -> Lock:
        """The lock that the parent process handed down; no grandchild is to keep it alive.

        Raises:
            OSError: when there is no such open file.
        """
        os.set_inheritable(descriptor, False)
        return cls(descriptor)


def take(path: Path, patience: float = 0.0) -> Lock | None:
    """Takes the lock, or gives None when another holds it for all of ``patience`` seconds.

    Raises:
        OSError: when the file cannot be opened or made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    give_up = time.monotonic() + patience
    while not _flock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() >= give_up:
            os.close(descriptor)
            return None
        time.sleep(_BLINK)
    return Lock(descriptor)


def is_locked(path: Path) -> bool:
    """Whether anyone holds the lock; looking disturbs no one else who looks.

    Raises:
        OSError: when the file is there but cannot be opened.
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
def one_at_a_time(path: Path) -> Iterator[None]:
    """Waits until nobody else is inside, for what takes a few milliseconds.

    Raises:
        OSError: when the file cannot be opened or made.
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
