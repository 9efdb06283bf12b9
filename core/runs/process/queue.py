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
import time
from collections.abc import Callable
from pathlib import Path

from core import settings
from core.errors import RunError
from core.runs.store import files, locks
from core.runs.store.run import Run
from core.runs.store.status import Status

WAITING_LIMIT = 20
VISITOR_LIMIT = 3  # runs of one visitor, waiting or under way
LOOK = 0.2  # seconds between two looks at the line; a look costs some microseconds


def worker_count() -> int:
    """Return how many runs train at once: the setting, else one per two cores.

    Raises:
        SettingsError: when a setting has a value that it cannot take.
    """
    return settings.current().workers or max(1, core_count() // 2)


def has_room(home: Path) -> bool:
    """Whether a run that came now would not have to wait.

    Raises:
        SettingsError: when a setting has a value that it cannot take.
    """
    return not _line(home) and any(not locks.is_locked(slot) for slot in _slots(home))


def position(run: Run) -> int:
    """The run's place in the line: 1 is next, 0 is not waiting (any more).

    Raises:
        RunError: when the queue cannot be read.
    """
    waiting = [_run_of(ticket).id for ticket in _line(run.home)]
    return waiting.index(run.id) + 1 if run.id in waiting else 0


def training(home: Path) -> list[Run]:
    """The runs that have a slot, and train or are about to.

    Raises:
        RunError: when the slots cannot be read.
    """
    with files.in_words(home):
        names = [slot.read_text() for slot in _slots(home) if locks.is_locked(slot)]
    runs = [Run(home / "runs" / name) for name in names if name]
    return [run for run in runs if run.is_locked()]


def expected_wait(run: Run) -> float | None:
    """The seconds until a waiting run's turn, as the runs under way now go; None when that cannot be told.

    Those before it in the line are taken to last as long as those under way.

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
    """The seconds that a run will have taken, and those of them to come."""
    if status.state != "running" or not (status.step and status.seconds):
        return None
    whole = status.seconds / status.step * status.total_steps
    return whole, max(0.0, whole - status.seconds)


def join(run: Run) -> None:
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
    others = {*waiting, *training(run.home)} - {run}
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
            turn = position(run)
            if turn == 0:
                join(run)
            elif turn == 1 and (slot := take_slot(run)) is not None:
                return slot
            else:
                time.sleep(LOOK)
        return None
    finally:
        leave(run)


def take_slot(run: Run) -> locks.Lock | None:
    """A slot, taken and marked with the run's name, if one is free.

    Raises:
        RunError: when the slots cannot be written.
    """
    with files.in_words(run.home):
        (run.home / "slots").mkdir(exist_ok=True)
        for path in _slots(run.home):
            if (slot := locks.take(path)) is not None:
                path.write_text(run.id)
                return slot
    return None


def _slots(home: Path) -> list[Path]:
    return [home / "slots" / f"{number}.lock" for number in range(worker_count())]


def _line(home: Path) -> list[Path]:
    """The tickets of live waiters, first come first; those of the dead are swept away."""
    tickets = sorted((home / "queue").glob("[0-9]*.*"))
    dead = [ticket for ticket in tickets if not _run_of(ticket).is_locked()]
    for ticket in dead:
        ticket.unlink(missing_ok=True)
    return [ticket for ticket in tickets if ticket not in dead]


def _run_of(ticket: Path) -> Run:
    return Run(ticket.parent.parent / "runs" / ticket.name.partition(".")[2])


def core_count() -> int:
    """How many cores the trainings share."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))  # what this process may use, not what the machine has
    return os.cpu_count() or 1
