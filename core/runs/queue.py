"""Who trains when, without a scheduler: every worker is a cheap process that waits for its own turn.

A worker that waits has imported nothing heavy. Its place in the line is a ticket, an empty file named after
the moment when it was drawn:

    <home>/queue/<nanoseconds>.<run id>      <home>/slots/0.lock …

A ticket counts while its run is held, and a slot is free while nobody locks its file, which names the run
that trains in it; so a worker that dies gives both back at once, however it dies. Only the first in the line
takes a slot.
"""

from __future__ import annotations

import heapq
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
from core.runs.status import Status

WAITING_LIMIT = 20
VISITOR_LIMIT = 3  # runs of one visitor, waiting or under way
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
    if place(run) != 1 or (slot := _free_slot(run)) is None:
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


def under_way(home: Path) -> list[Run]:
    """The runs that have a slot, and train or are about to.

    Raises:
        RunError: when the slots cannot be read.
    """
    with files.in_words(home):
        names = [slot.read_text() for slot in _slots(home) if locks.is_held(slot)]
    runs = [Run(home / "runs" / name) for name in names if name]
    return [run for run in runs if run.is_held()]


def wait(run: Run) -> float | None:
    """The seconds until a waiting run's turn, as the runs under way now go; None when that cannot be told.

    Those before it in the line are taken to last as long as those under way.

    Raises:
        RunError: when the queue cannot be read.
    """
    before = place(run)
    ahead = [_duration(other.status()) for other in under_way(run.home)]
    free = workers() - len(ahead)
    if before <= free:
        return 0.0
    if None in ahead:
        return None
    known = [duration for duration in ahead if duration is not None]
    whole = sum(total for total, _ in known) / max(1, len(known))
    ends = [0.0] * free + [left for _, left in known]
    heapq.heapify(ends)
    for _ in range(before - 1):
        heapq.heapreplace(ends, ends[0] + whole)
    return ends[0]


def _duration(status: Status) -> tuple[float, float] | None:
    """The seconds that a run will have taken, and those of them to come."""
    if status.state != "running" or not (status.step and status.seconds):
        return None
    whole = status.seconds / status.step * status.total_steps
    return whole, max(0.0, whole - status.seconds)


def enter(run: Run) -> None:
    """Draws a ticket for a run that the caller holds.

    Raises:
        RunError: when the line is full, its visitor has enough runs, or the home folder cannot be written to.
    """
    folder = run.home / "queue"
    with files.in_words(run.home):
        folder.mkdir(exist_ok=True)
        with locks.one_at_a_time(folder / ".door"):
            leave(run)  # a ticket from an earlier life would let it jump the queue
            waiting = [_run_of(ticket) for ticket in _line(run.home)]
            if len(waiting) >= WAITING_LIMIT:
                raise RunError(
                    f"The lab is full: {WAITING_LIMIT} runs are waiting; try again in a few minutes."
                )
            _leave_room_for_others(run, waiting)
            (folder / f"{time.time_ns():020d}.{run.id}").touch()


def _leave_room_for_others(run: Run, waiting: list[Run]) -> None:
    visitor = run.status().visitor
    others = {*waiting, *under_way(run.home)} - {run}
    if visitor and sum(other.status().visitor == visitor for other in others) >= VISITOR_LIMIT:
        raise RunError(
            f"You have {VISITOR_LIMIT} runs waiting or training already; "
            "stop one, or wait until one has ended."
        )


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
            elif turn == 1 and (slot := _free_slot(run)) is not None:
                return slot
            else:
                time.sleep(LOOK)
        return None
    finally:
        leave(run)


def _free_slot(run: Run) -> locks.Lock | None:
    """A slot, taken and marked with the run's name, if one is free."""
    with files.in_words(run.home):
        (run.home / "slots").mkdir(exist_ok=True)
        for path in _slots(run.home):
            if (slot := locks.take(path)) is not None:
                path.write_text(run.id)
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
