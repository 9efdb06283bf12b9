"""Queue runs without a scheduler: every worker is a cheap process that waits for its own turn.

A waiting worker has imported nothing heavy. It has a ticket, an empty file that names the time when it joined
and the hashes of its address and visitor:

    <home>/queue/<nanoseconds>.<address>.<visitor>.<run id>      <home>/slots/0.lock …

A ticket is valid while its run is locked, and a slot is free while nobody locks its file, which names the run
that trains in it; so a worker that dies frees both at once, however it dies. Only the first in the queue
takes a slot. The order follows from the tickets and from ``<home>/queue/turns.json``, which has the last
turns (see turns.py), so all workers and servers with this home folder agree on it.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from core import capacity, settings
from core.errors import RunError
from core.runs.process.turns import Ticket, after_turn, in_order
from core.runs.store import files, locks
from core.runs.store.run import Run
from core.runs.store.status import Status

WAITING_LIMIT = 30  # beyond it, only addresses with less than their share of the places may join
VISITOR_LIMIT = 3  # runs of one visitor, waiting or training
USUAL_SECONDS = 120.0  # of a run, while nothing is known of any; the ready-made settings take less
POLL = 0.2  # seconds between two reads of the queue by the first in it; those behind read less often
_SLOWEST = 5  # times POLL
_TURNS = "turns.json"


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
    order = in_order(_tickets(run.home), _turns(run.home))
    return next((place for place, ticket in enumerate(order, 1) if ticket.run == run.id), 0)


def training(home: Path) -> list[Run]:
    """Return the runs that have a slot, and train or are about to.

    Raises:
        RunError: when the slots cannot be read.
    """
    with files.run_errors(home):
        names = [slot.read_text() for slot in _slots(home) if locks.is_locked(slot)]
    runs = [Run(home / "runs" / name) for name in names if name]
    return [run for run in runs if run.is_locked()]


def expected_wait(run: Run) -> float:
    """Return the expected seconds until a waiting run's turn.

    A run whose time is not known yet is assumed to take as long as those that train now, or else as
    ``USUAL_SECONDS``; a paused one to continue at once, or to give up its place.

    Raises:
        RunError: when the queue cannot be read.
    """
    before = position(run)
    ahead = [_duration(other.status()) for other in training(run.home)]
    free = worker_count() - len(ahead)
    if before <= free:
        return 0.0
    known = [duration for duration in ahead if duration is not None]
    whole = sum(total for total, _ in known) / len(known) if known else USUAL_SECONDS
    ends = [0.0] * free + [whole if duration is None else duration[1] for duration in ahead]
    heapq.heapify(ends)
    for _ in range(before - 1):
        heapq.heapreplace(ends, ends[0] + whole)
    return ends[0]


def _duration(status: Status) -> tuple[float, float] | None:
    """Return the total and the remaining seconds of a run, at its present speed; None before a step."""
    if not (status.step and status.seconds):
        return None
    whole = status.seconds / status.step * status.total_steps
    return whole, max(0.0, whole - status.seconds)


def join(run: Run) -> None:
    """Add a run that the caller holds to the end of the queue.

    Raises:
        RunError: when the queue is full, the visitor or the address has too many runs, or the folder cannot
            be written to.
    """
    folder = run.home / "queue"
    with files.run_errors(run.home):
        folder.mkdir(exist_ok=True)
        with locks.exclusive(folder / ".door"):
            leave(run)  # a ticket of an earlier worker would let it jump the queue
            waiting = _tickets(run.home)
            ticket = _ticket(run)
            _check_limits(run, ticket, waiting)
            (folder / ticket.name).touch()


def _check_limits(run: Run, ticket: Ticket, waiting: list[Ticket]) -> None:
    busy = {other.run: other for other in [*waiting, *map(_ticket, training(run.home))]}
    busy.pop(run.id, None)
    status = run.status()
    if status.visitor and sum(other.visitor == ticket.visitor for other in busy.values()) >= VISITOR_LIMIT:
        raise RunError("runs.visitor_limit", count=VISITOR_LIMIT)
    limit = settings.current().address_runs
    if status.address and sum(other.address == ticket.address for other in busy.values()) >= limit:
        raise RunError("runs.address_limit", count=limit)
    if is_full(waiting, ticket.address):
        raise RunError("runs.queue_full", count=len(waiting))


def is_full(waiting: Sequence[Ticket], address: str) -> bool:
    """Return whether the queue has no place for one more run of an address.

    A full queue still admits an address with less than its share, so no address can keep others out. At most
    twice ``WAITING_LIMIT`` runs wait.
    """
    counts = Counter(ticket.address for ticket in waiting)
    share = WAITING_LIMIT // len({*counts, address})
    return len(waiting) >= WAITING_LIMIT and counts[address] >= share


def _ticket(run: Run) -> Ticket:
    status = run.status()
    return Ticket.of(time.time_ns(), status.address, status.visitor, run.id)


def leave(run: Run) -> None:
    """Remove the run from the queue, if it is there."""
    for file in (run.home / "queue").glob(f"*.{run.id}"):
        file.unlink(missing_ok=True)


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
                time.sleep(POLL * min(turn, _SLOWEST))
        return None
    finally:
        leave(run)


def take_slot(run: Run) -> locks.Lock | None:
    """Take a free slot, write the run's id into it and note its turn; return None if no slot is free.

    Raises:
        RunError: when the slots or the turns cannot be written.
    """
    with files.run_errors(run.home):
        for name in ("slots", "queue"):
            (run.home / name).mkdir(exist_ok=True)
        for path in _slots(run.home):
            if (slot := locks.take(path)) is not None:
                path.write_text(run.id)
                _note_turn(run)
                return slot
    return None


def _slots(home: Path) -> list[Path]:
    return [home / "slots" / f"{number}.lock" for number in range(worker_count())]


def _tickets(home: Path) -> list[Ticket]:
    """Return the tickets of waiting runs, the earliest first, and delete those of dead workers."""
    found = []
    for file in sorted((home / "queue").glob("[0-9]*.*")):
        if (ticket := Ticket.parse(file.name)) is None:
            continue
        if Run(home / "runs" / ticket.run).is_locked():
            found.append(ticket)
        else:
            file.unlink(missing_ok=True)
    return found


def _turns(home: Path) -> dict[str, int]:
    """Return the last turns; without a readable file, the queue goes by the order of joining."""
    try:
        turns = files.read_json(home / "queue" / _TURNS)
    except RunError:
        return {}
    return {name: turn for name, turn in turns.items() if isinstance(turn, int)}


def _note_turn(run: Run) -> None:
    """Write that the run has its turn, before its ticket goes; else its address would come first again."""
    folder = run.home / "queue"
    with suppress(OSError), locks.exclusive(folder / ".door"):  # a full disk ends no run
        waiting = [ticket for ticket in _tickets(run.home) if ticket.run != run.id]
        turns = after_turn(_ticket(run), waiting, _turns(run.home), time.time_ns())
        files.replace_json(folder / _TURNS, turns)
