"""Keep trainings and experiments apart on a host whose memory is too small for both.

<home>/tight/<host>.lock      held by the trainings of a host together, or by one experiment's process alone
<home>/tight/<host>.waiting   held by a run that waits for an experiment to end, and written when it began to
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core import capacity
from core.errors import ExperimentError
from core.messages import message
from core.runs.store import files, locks
from core.runs.store.run import Run

POLL = 0.5  # seconds between two tries of a training
MOST_WAIT = 60.0  # seconds for which an experiment may hold back a run, as the page says; then it ends


@contextmanager
def without_trainings(home: Path) -> Iterator[tuple[int, ...]]:
    """Yield the open files that an experiment's process has to inherit: no training then begins beside it.

    Raises:
        ExperimentError: when a network trains and the memory is too small for both.
        SettingsError: when a setting is invalid.
        RunError: when the home folder cannot be written to.
    """
    if capacity.current().shared:
        yield ()
        return
    lock = _take(home, shared=False)
    if lock is None:
        raise ExperimentError("subprocesses.training_first")
    try:
        yield (lock.descriptor,)
    finally:
        lock.release()  # the process keeps it


@contextmanager
def without_experiments(run: Run, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Wait until no experiment lives beside a run if the memory is too small for both, and keep it so.

    Yield whether the run may train: False once ``given_up()`` is true.

    Raises:
        RunError: when the home folder cannot be written to.
    """
    if capacity.current().shared:
        yield True
        return
    lock = _take(run.home, shared=True)
    if lock is None and not given_up():
        run.write_status(message=message("runs.waiting_for_experiment"))
        with _noted_waiting(run.home):
            while (lock := _take(run.home, shared=True)) is None and not given_up():
                time.sleep(POLL)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def has_waited_long(home: Path) -> bool:
    """Return whether a run has waited for ``MOST_WAIT`` seconds for an experiment to end."""
    if capacity.current().shared:
        return False
    file = _file(home, "waiting")
    with suppress(OSError):
        return locks.is_locked(file) and time.time() - file.stat().st_mtime > MOST_WAIT
    return False


@contextmanager
def _noted_waiting(home: Path) -> Iterator[None]:
    """Let ``has_waited_long`` know that a run waits; if two do, the first counts."""
    with files.run_errors(home):
        lock = locks.take(_file(home, "waiting"))
        if lock is not None:
            os.utime(lock.descriptor)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _take(home: Path, shared: bool) -> locks.Lock | None:
    file = _file(home, "lock")
    with files.run_errors(home):
        file.parent.mkdir(parents=True, exist_ok=True)
        return locks.take(file, shared=shared)


def _file(home: Path, suffix: str) -> Path:
    return home / "tight" / f"{socket.gethostname()}.{suffix}"
