"""Give a run its worker: a new child process, or the one that is kept warm.

The process inherits the run's lock as an open file, outlives the process that started it, and waits for its
turn by itself (see queue.py).
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

from core import capacity, settings
from core.contract.config import SHARDS
from core.errors import RunError
from core.messages import message
from core.runs.process import queue, warm_start
from core.runs.store import locks
from core.runs.store.control import Control
from core.runs.store.run import ParkedError, Run
from core.runs.store.run_store import RunStore

_ROOT = Path(__file__).resolve().parents[3]
_WORKER = (sys.executable, "-m", "core.runs.process.worker")


def start(run: Run, *, command: Sequence[str] = _WORKER) -> None:
    """Start a worker for the run, which trains when its turn comes and outlives this process.

    The worker is ``command``, called with the run's folder and the number of the open file that is its lock.

    Raises:
        RunError: when the run was started before, the queue is full, or the process cannot be started.
    """
    queue.worker_count()  # a wrong setting is reported here to the visitor, not in the worker's log
    _launch(run, run.lock_new(), command)


def resume(run: Run, control: Control = Control.RUN, *, command: Sequence[str] = _WORKER) -> None:
    """Start a worker that continues a parked, interrupted or failed run from its last checkpoint.

    ``control`` is its first request.

    Raises:
        RunError: when the run is running or has ended well, the queue is full, or the process cannot be
            started.
    """
    queue.worker_count()
    _launch(run, run.lock_resumable(), command, control)


def steer(run: Run, control: Control, *, command: Sequence[str] = _WORKER) -> None:
    """Send a request to a run's worker; a parked run joins the queue again for it, or is deleted.

    Raises:
        RunError: when the run has ended, the queue is full, or the request cannot be written.
    """
    try:
        run.request(control)
    except ParkedError:
        if control is Control.DISCARD:
            RunStore(run.home).delete(run.id)
        elif control is not Control.PAUSE:
            resume(run, control, command=command)


def _launch(run: Run, lock: locks.Lock, command: Sequence[str], control: Control = Control.RUN) -> None:
    try:
        queue.join(run)
        run.clear_requests()
        run.write_status(state="waiting", message=message("runs.waiting"), queued=time.time(), ended=None)
        if control is not Control.RUN:
            run.request(control)
        if not (command == _WORKER and _handed_over(run, lock)):
            spawn(run, lock, command)
    finally:
        lock.release()  # the worker keeps it


def warm_up(home: Path) -> None:
    """Prepare a warm worker for the next run, if that run would not have to wait; this takes milliseconds.

    Raises:
        SettingsError: when a setting is invalid.
        RunError: when the home folder cannot be written to.
    """
    if queue.has_room(home):
        warm_start.prepare(home, environment())


def _handed_over(run: Run, lock: locks.Lock) -> bool:
    """Return whether the run's turn came at once and a warm worker took it."""
    if queue.position(run) != 1 or (slot := queue.take_slot(run)) is None:
        return False
    try:
        if warm_start.hand_over(run, lock, slot, environment()):
            queue.leave(run)
            return True
        return False
    finally:
        slot.release()  # the worker keeps it


def spawn(run: Run, lock: locks.Lock, command: Sequence[str]) -> None:
    """Start the worker process of a run, which takes over the run's lock.

    Raises:
        RunError: when no process can be started; the run's status then says so.
    """
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
                start_new_session=True,  # a Ctrl-C that ends the server does not end the training
            )
    except OSError as error:
        queue.leave(run)
        failure = RunError("runs.process_not_started", error=error.strerror or str(error))
        run.write_status(state="failed", message=failure.message, ended=time.time())
        raise failure from error
    # Unless a thread waits for the child, it remains a zombie until the server ends.
    threading.Thread(target=process.wait, name=f"collect-{run.id}", daemon=True).start()


def environment() -> dict[str, str]:
    """Return the worker's environment: its share of the cores, and absolute paths."""
    may = capacity.current()
    threads = max(1, may.processors // may.runs)
    environment = {"OMP_NUM_THREADS": str(threads), **tensorflow_settings(threads), **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH")]))
    if data := settings.current().data:
        environment[f"{settings.PREFIX}DATA"] = str(data)
    return environment


def tensorflow_settings(threads: int) -> dict[str, str]:
    """Return the environment in which TensorFlow trains on this many threads.

    Each shard of a batch is computed on its own thread, and on several only if there are more cores.
    """
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_NUM_INTRAOP_THREADS": str(math.ceil(threads / SHARDS)),
        "TF_NUM_INTEROP_THREADS": str(min(threads, SHARDS)),
    }
