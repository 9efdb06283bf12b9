"""How a run gets its worker: a child process of its own, or the one that is kept warm.

The process inherits the run's lock as an open file, and outlives the one that started it. Its turn it waits
for itself (see queue.py).
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from core import settings
from core.contract.config import SHARDS
from core.errors import RunError
from core.runs.process import queue, warm_start
from core.runs.store import locks
from core.runs.store.run import Run

_ROOT = Path(__file__).resolve().parents[3]
_WORKER = (sys.executable, "-m", "core.runs.process.worker")


def start(run: Run, *, command: Sequence[str] = _WORKER) -> None:
    """Starts a worker for the run, which trains when its turn comes and outlives this process.

    The worker is ``command``, called with the run's folder and the number of the open file that is its lock.

    Raises:
        RunError: when the run was started before, the line is full, or the process cannot be started.
    """
    queue.worker_count()  # complains here, where a visitor reads it, rather than in the worker's log
    _launch(run, run.lock_new(), command)


def resume(run: Run, *, command: Sequence[str] = _WORKER) -> None:
    """Starts a worker that goes on with a run that was cut off or failed, from its last checkpoint.

    Raises:
        RunError: when the run is under way or has ended well, the line is full, or the process cannot be
            started.
    """
    queue.worker_count()
    _launch(run, run.lock_resumable(), command)


def _launch(run: Run, lock: locks.Lock, command: Sequence[str]) -> None:
    try:
        queue.join(run)
        run.clear_requests()
        run.write_status(state="waiting", message="Waiting for its turn.", queued=time.time(), ended=None)
        if not (command == _WORKER and _handed_over(run, lock)):
            _spawn(run, lock, command)
    finally:
        lock.release()  # the worker holds on to it


def warm_up(home: Path) -> None:
    """Has a warm worker ready for the next run, if that run would not have to wait; costs milliseconds.

    Raises:
        RunError: when a setting says nothing sensible, or the home folder may not be written to.
    """
    if queue.has_room(home):
        warm_start.prepare(home, environment())


def _handed_over(run: Run, lock: locks.Lock) -> bool:
    """Whether it was this run's turn at once, and a warm worker took it."""
    if queue.position(run) != 1 or (slot := queue.take_slot(run)) is None:
        return False
    try:
        if warm_start.hand_over(run, lock, slot, environment()):
            queue.leave(run)
            return True
        return False
    finally:
        slot.release()  # the worker holds on to it


def _spawn(run: Run, lock: locks.Lock, command: Sequence[str]) -> None:
    try:
        with open(run.log, "ab") as log:
            process = subprocess.Popen(
                [*command, str(run.folder), str(lock.descriptor)],
                cwd=_ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.descriptor],
                start_new_session=True,  # a Ctrl-C that ends the server leaves the training alone
            )
    except OSError as error:
        queue.leave(run)
        message = f"The training process could not be started: {error.strerror or error}."
        run.write_status(state="failed", message=message, ended=time.time())
        raise RunError(message) from error
    # Someone has to collect the child when it ends, or it stays as a zombie until the server does.
    threading.Thread(target=process.wait, name=f"collect-{run.id}", daemon=True).start()


def environment() -> dict[str, str]:
    """The worker's environment: the cores are shared out among the workers, relative paths made absolute."""
    threads = max(1, queue.core_count() // queue.worker_count())
    environment = {"OMP_NUM_THREADS": str(threads), **tensorflow_settings(threads), **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH")]))
    if data := settings.current().data:
        environment[f"{settings.PREFIX}DATA"] = str(data)
    return environment


def tensorflow_settings(threads: int) -> dict[str, str]:
    """The environment in which TensorFlow trains on so many threads.

    Each shard of a batch is computed on a thread of its own, and on more only where there are more cores.
    """
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_NUM_INTRAOP_THREADS": str(math.ceil(threads / SHARDS)),
        "TF_NUM_INTEROP_THREADS": str(min(threads, SHARDS)),
    }
