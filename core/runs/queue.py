"""Who trains when, without a scheduler: every worker is a cheap process that waits for its own turn.

A worker that waits has imported nothing heavy. Its place in the line is a ticket, an empty file named after
the moment when it was drawn:

    <home>/queue/<nanoseconds>.<run id>      <home>/slots/0.lock …

A ticket counts while its run is held, and a slot is free while nobody locks its file; so a worker that dies
gives both back at once, however it dies. Only the first in the line takes a slot.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import RunError
from core.runs import files, locks, warm
from core.runs.run import Run

WAITING_LIMIT = 20
LOOK = 0.2  # seconds between two looks at the line; a look costs some microseconds

_ROOT = Path(__file__).resolve().parents[2]
_WORKER = (sys.executable, "-m", "core.runs.worker")


def workers() -> int:
    """How many runs train at once: ``DEEP_IMAGE_LAB_WORKERS``, else one for two cores.

    Raises:
        RunError: when the variable holds no whole number from 1 to 64.
    """
    text = os.environ.get("DEEP_IMAGE_LAB_WORKERS", "").strip()
    if not text:
        return max(1, _cores() // 2)
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 64):
        raise RunError(f"DEEP_IMAGE_LAB_WORKERS is a whole number from 1 to 64, but it says {text[:40]!r}.")
    return int(text)


def start(run: Run, *, command: Sequence[str] = _WORKER) -> None:
    """Starts a worker for the run, which trains when its turn comes and outlives this process.

    The worker is ``command``, called with the run's folder and the number of the open file that is its lock.

    Raises:
        RunError: when the run was started before, the line is full, or the process cannot be started.
    """
    workers()  # complains here, where a visitor reads it, rather than in the worker's log
    _launch(run, run.hold_new(), command)


def resume(run: Run, *, command: Sequence[str] = _WORKER) -> None:
    """Starts a worker that goes on with a run that was cut off or failed, from its last checkpoint.

    Raises:
        RunError: when the run is under way or has ended well, the line is full, or the process cannot be
            started.
    """
    workers()
    _launch(run, run.hold_broken(), command)


def _launch(run: Run, lock: locks.Lock, command: Sequence[str]) -> None:
    try:
        enter(run)
        run.forget_requests()
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
    if not _line(home) and any(not locks.is_held(slot) for slot in _slots(home)):
        warm.prepare(home, _environment())


def _handed_over(run: Run, lock: locks.Lock) -> bool:
    """Whether it was this run's turn at once, and a warm worker took it."""
    if place(run) != 1 or (slot := _free_slot(run.home)) is None:
        return False
    try:
        if warm.hand_over(run, lock, slot, _environment()):
            leave(run)
            return True
        return False
    finally:
        slot.release()  # the worker holds on to it


def place(run: Run) -> int:
    """The run's place in the line: 1 is next, 0 is not waiting (any more).

    Raises:
        RunError: when the queue cannot be read.
    """
    waiting = [_run_of(ticket).id for ticket in _line(run.home)]
    return waiting.index(run.id) + 1 if run.id in waiting else 0


def enter(run: Run) -> None:
    """Draws a ticket for a run that the caller holds.

    Raises:
        RunError: when the line is full, or the home folder cannot be written to.
    """
    folder = run.home / "queue"
    with files.in_words(run.home):
        folder.mkdir(exist_ok=True)
        with locks.one_at_a_time(folder / ".door"):
            leave(run)  # a ticket from an earlier life would let it jump the queue
            if len(_line(run.home)) >= WAITING_LIMIT:
                raise RunError(
                    f"The lab is full: {WAITING_LIMIT} runs are waiting; try again in a few minutes."
                )
            (folder / f"{time.time_ns():020d}.{run.id}").touch()


def leave(run: Run) -> None:
    """Gives the run's ticket back, if it has one."""
    for ticket in (run.home / "queue").glob(f"*.{run.id}"):
        ticket.unlink(missing_ok=True)


def wait_for_turn(run: Run, given_up: Callable[[], bool]) -> locks.Lock | None:
    """Waits in the line; gives a slot, to be held while training, or None when ``given_up()`` comes true.

    A run without a ticket (its worker was started by hand, or someone tidied up) draws one.

    Raises:
        RunError: when the queue cannot be read or the slots not written.
    """
    try:
        while not given_up():
            turn = place(run)
            if turn == 0:
                enter(run)
            elif turn == 1 and (slot := _free_slot(run.home)) is not None:
                return slot
            else:
                time.sleep(LOOK)
        return None
    finally:
        leave(run)


def _free_slot(home: Path) -> locks.Lock | None:
    with files.in_words(home):
        (home / "slots").mkdir(exist_ok=True)
        for path in _slots(home):
            if (slot := locks.take(path)) is not None:
                return slot
    return None


def _slots(home: Path) -> list[Path]:
    return [home / "slots" / f"{number}.lock" for number in range(workers())]


def _line(home: Path) -> list[Path]:
    """The tickets of live waiters, first come first; those of the dead are swept away."""
    tickets = sorted((home / "queue").glob("[0-9]*.*"))
    dead = [ticket for ticket in tickets if not _run_of(ticket).is_held()]
    for ticket in dead:
        ticket.unlink(missing_ok=True)
    return [ticket for ticket in tickets if ticket not in dead]


def _run_of(ticket: Path) -> Run:
    return Run(ticket.parent.parent / "runs" / ticket.name.partition(".")[2])


def _spawn(run: Run, lock: locks.Lock, command: Sequence[str]) -> None:
    try:
        with open(run.log, "ab") as log:
            process = subprocess.Popen(
                [*command, str(run.folder), str(lock.descriptor)],
                cwd=_ROOT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.descriptor],
                start_new_session=True,  # a Ctrl-C that ends the server leaves the training alone
            )
    except OSError as error:
        leave(run)
        message = f"The training process could not be started: {error.strerror or error}."
        run.write_status(state="failed", message=message, ended=time.time())
        raise RunError(message) from error
    # Someone has to collect the child when it ends, or it stays as a zombie until the server does.
    threading.Thread(target=process.wait, name=f"collect-{run.id}", daemon=True).start()


def _environment() -> dict[str, str]:
    """The worker's environment: the cores are shared out among the workers, relative paths made absolute."""
    threads = str(max(1, _cores() // workers()))
    defaults = {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "OMP_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
    }
    environment = {**defaults, **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH")]))
    if data := environment.get("DEEP_IMAGE_LAB_DATA"):
        environment["DEEP_IMAGE_LAB_DATA"] = os.path.abspath(os.path.expanduser(data))
    return environment


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))  # what this process may use, not what the machine has
    return os.cpu_count() or 1
