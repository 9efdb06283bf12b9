"""Teach large class sets in one child process for all visitors, so that the server goes on answering.

With 2,000 pictures the work takes a minute of processor time. The child runs below the server's priority, on
one core, and ends when it has had nothing to do for a while.
"""

from __future__ import annotations

import threading

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.features import shipped_backbone
from core.class_sets.taught_set import TaughtSet, teach_set
from core.errors import ExperimentError
from core.messages import Progress
from core.subprocesses import ChildProcess, ProcessLimit

FEW = 300  # pictures up to which the server teaches a set itself, which is faster
PATIENCE = 300.0  # seconds from one report of progress to the next
TRIES = 2  # the child may have ended just now


class SetTeacher:
    """Teach one set after another, inside the child."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def teach(self, described: ClassSet) -> TaughtSet:
        """Return what ``teach_set`` would."""
        return teach_set(own_class_sets(), described, shipped_backbone(), self._progress)


class TeachingPool:
    """Teach sets, in the server or the child; safe for threads. Large sets wait for one another."""

    def __init__(self) -> None:
        self._limit = ProcessLimit(1)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None

    def teach(self, described: ClassSet, progress: Progress | None = None) -> TaughtSet:
        """Return what ``teach_set`` would; errors as there.

        Raises:
            ExperimentError: when the child refuses, with its message, or cannot be started.
        """
        if len(described.pictures) <= FEW:
            return teach_set(own_class_sets(), described, shipped_backbone(), progress)
        with self._lock:
            for _ in range(TRIES):
                if self._child is None or not self._child.alive:
                    self._child = ChildProcess("teaching", limit=self._limit)
                try:
                    return self._child.ask("teach", timeout=PATIENCE, progress=progress, described=described)
                except ExperimentError:
                    if self._child.alive:  # it refuses
                        raise
        raise ExperimentError("subprocesses.ended")

    def close(self) -> None:
        """End the child; the next large set starts another."""
        with self._lock:
            if self._child is not None:
                self._child.close()
