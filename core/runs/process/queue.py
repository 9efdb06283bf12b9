"""Queue runs without a scheduler: every worker is a cheap process that waits for its own turn.

A waiting worker has imported nothing heavy. Its position is given by a ticket, an empty file named after the
time when it joined:

    <home>/queue/<nanoseconds>.<run id>      <home>/slots/0.lock …

A ticket is valid while its run is locked, and a slot is free while nobody locks its file, which names the run
that trains in it; so a worker that dies frees both at once, however it dies. Only the first in the queue
takes a slot.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from pathlib import Path

from core import capacity
from core.errors import RunError
from core.runs.store import files, locks
from core.runs.store.run import Run
from core.runs.store.status import Status

WAITING_LIMIT = 20
VISITOR_LIMIT = 3  # runs of one visitor, waiting or training
POLL = 0.2  # seconds between two reads of the queue; one takes some microseconds


def worker_count() -> int:
    """Return how many runs train at once.

    Raises:
        SettingsError: when a setting is invalid.
    """
    return capacity.current().runs


def has_room(home: Path) -> bool:
    """Return whether a run started now would train at once.

    Raises:
        SettingsError: when a setting is invalid.
    """
    return not _tickets(home) and any(not locks.is_locked(slot) for slot in _slots(home))


def position(run: Run) -> int:
    """Return the position in the queue: 1 is next, 0 is not (or no longer) waiting.

    Raises:
        RunError: when the queue cannot be read.
    """
    waiting = [_run_of(ticket).id for ticket in _tickets(run.home)]
    return waiting.index(run.id) + 1 if run.id in waiting else 0


def training(home: Path) -> list[Run]:
    """Return the runs that have a slot, and train or are about to.

    Raises:
        RunError: when the slots cannot be read.
    """
    with files.run_errors(home):
        names = [slot.read_text() for slot in _slots(home) if locks.is_locked(slot)]
    runs = [Run(home / "runs" / name) for name in names if name]
    return [run for run in runs if run.is_locked()]


def expected_wait(run: Run) -> float | None:
    """Return the expected seconds until a waiting run's turn; None when they cannot be estimated.

    The runs before it in the queue are assumed to take as long as those that train now.

    Raises:
        RunError: when the queue cannot be read.
    """
    before = position(run)
    ahead = [_duration(other.status()) for other in training(run.home)]
    free = worker_count() - len(ahead)
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
    """Return the total and the remaining seconds of a run, at its present speed."""
    if status.state != "running" or not (status.step and status.seconds):
        return None
    whole = status.seconds / status.step * status.total_steps
    return whole, max(0.0, whole - status.seconds)


def join(run: Run) -> None:
    """Add a run that the caller holds to the end of the queue.

    Raises:
        RunError: when the queue is full, the visitor has too many runs, or the folder cannot be written to.
    """
    folder = run.home / "queue"
    with files.run_errors(run.home):
        folder.mkdir(exist_ok=True)
        with locks.exclusive(folder / ".door"):
            leave(run)  # a ticket of an earlier worker would let it jump the queue
            waiting = [_run_of(ticket) for ticket in _tickets(run.home)]
            if len(waiting) >= WAITING_LIMIT:
                raise RunError("runs.queue_full", count=WAITING_LIMIT)
            _check_visitor_limit(run, waiting)
            (folder / f"{time.time_ns():020d}.{run.id}").touch()


def _check_visitor_limit(run: Run, waiting: list[Run]) -> None:
    visitor = run.status().visitor
    others = {*waiting, *training(run.home)} - {run}
    if visitor and sum(other.status().visitor == visitor for other in others) >= VISITOR_LIMIT:
        raise RunError("runs.visitor_limit", count=VISITOR_LIMIT)


def leave(run: Run) -> None:
    """Remove the run from the queue, if it is there."""
    for ticket in (run.home / "queue").glob(f"*.{run.id}"):
        ticket.unlink(missing_ok=True)


def wait_for_turn(run: Run, given_up: Callable[[], bool]) -> locks.Lock | None:
    """Wait in the queue; return a slot to hold while training, or None once ``given_up()`` is true.

    A run without a ticket (its worker was started by hand, or the file was deleted) joins first.

    Raises:
        RunError: when the queue cannot be read or the slots cannot be written.
    """
    try:
        while not given_up():
            turn = position(run)
            if turn == 0:
                join(run)
            elif turn == 1 and (slot := take_slot(run)) is not None:
                return slot
            else:
                time.sleep(POLL)
        return None
    finally:
        leave(run)


def take_slot(run: Run) -> locks.Lock | None:
    """Take a free slot and write the run's id into it; return None if no slot is free.

    Raises:
        RunError: when the slots cannot be written.
    """
    with files.run_errors(run.home):
        (run.home / "slots").mkdir(exist_ok=True)
        for path in _slots(run.home):
            if (slot := locks.take(path)) is not None:
                path.write_text(run.id)
                return slot
    return None


def _slots(home: Path) -> list[Path]:
    return [home / "slots" / f"{number}.lock" for number in range(worker_count())]


def _tickets(home: Path) -> list[Path]:
    """Return the tickets of waiting runs, the earliest first, and delete those of dead workers."""
    tickets = sorted((home / "queue").glob("[0-9]*.*"))
    dead = [ticket for ticket in tickets if not _run_of(ticket).is_locked()]
    for ticket in dead:
        ticket.unlink(missing_ok=True)
    return [ticket for ticket in tickets if ticket not in dead]


def _run_of(ticket: Path) -> Run:
    return Run(ticket.parent.parent / "runs" / ticket.name.partition(".")[2])
