"""Keep trainings and experiments apart on a host whose memory is too small for both.

<home>/tight/<host>.lock   held by the trainings of a host together, or by one experiment's process alone
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core import capacity
from core.errors import ExperimentError
from core.messages import message
from core.runs.store import files, locks
from core.runs.store.run import Run

POLL = 0.5  # seconds between two tries of a training


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
    waiting = False
    while (lock := _take(run.home, shared=True)) is None:
        if given_up():
            yield False
            return
        if not waiting:
            run.write_status(message=message("runs.waiting_for_experiment"))
            waiting = True
        time.sleep(POLL)
    try:
        yield True
    finally:
        lock.release()


def _take(home: Path, shared: bool) -> locks.Lock | None:
    folder = home / "tight"
    with files.run_errors(home):
        folder.mkdir(parents=True, exist_ok=True)
        return locks.take(folder / f"{socket.gethostname()}.lock", shared=shared)
