"""Delete old runs: those past their age, then others until the rest fits into the space for all runs.

Space is taken from whoever fills it: of the network address with the most bytes, the visitor with the most
bytes loses their oldest run, and so on until the rest fits. Runs that train or wait are never deleted, nor is
the run that ended last, if it is not past its age. Runs that were not started within a day are deleted, too.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core import settings
from core.errors import RunError
from core.runs.store.control import Control
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore

DAY = 86_400.0  # seconds
GIGABYTE = 1e9  # bytes


def sweep(store: RunStore) -> list[str]:
    """Delete runs that are too old or too many, and remains of interrupted deletions; return the runs' ids.

    Raises:
        SettingsError: when a setting has a value that it cannot take.
    """
    keep = settings.current()
    days, gigabytes = keep.keep_days, keep.keep_gigabytes
    _sweep_leftovers(store)
    ended = sorted(_ended(store), key=lambda pair: pair[1])
    doomed = [run for run, when in ended if _unwanted(run) or (days and time.time() - when > days * DAY)]
    kept = [run for run, _ in ended if run not in doomed and run.status().state != "created"]
    if gigabytes:
        doomed += _too_much(store, kept[:-1], doomed, gigabytes * GIGABYTE)
    return [run.id for run in doomed if _deleted(store, run)]


def _ended(store: RunStore) -> list[tuple[Run, float]]:
    """Return the runs that no worker has, and when they ended, were parked or, if never started, created."""
    found = []
    for run, status in store.summaries():
        if status.is_over or status.state in ("created", "parked"):
            found.append((run, status.ended or status.started or status.created))
    return found


def _unwanted(run: Run) -> bool:
    """Return whether a run was never started for a day, or its worker died before discarding it."""
    status = run.status()
    forgotten = status.state == "created" and time.time() - status.created > DAY
    return forgotten or run.control() is Control.DISCARD


def _too_much(store: RunStore, candidates: list[Run], doomed: list[Run], limit: float) -> list[Run]:
    """Return which of the candidates, oldest first, to delete until all stay within the limit, in bytes."""
    owned = [
        Owned(run.id, status.address, status.visitor, _size(run.folder))
        for run, status in store.summaries()
        if run not in doomed
    ]
    names = [run.id for run in candidates]
    chosen = to_delete(owned, names, limit)
    return [run for run in candidates if run.id in chosen]


@dataclass(frozen=True)
class Owned:
    """The size of a run, in bytes, and whose it is; an unknown visitor or address is empty."""

    run: str  # its id
    address: str
    visitor: str
    size: int


def to_delete(owned: Sequence[Owned], candidates: Sequence[str], limit: float) -> list[str]:
    """Return the ids of the runs to delete, in this order, until the others take at most ``limit`` bytes.

    ``candidates`` are the ids of the runs that may be deleted, oldest first.
    """
    left = {run.run: run for run in owned}
    free = [name for name in candidates if name in left]
    chosen: list[str] = []
    while free and sum(run.size for run in left.values()) > limit:
        by_address: Counter[str] = Counter()
        by_visitor: Counter[tuple[str, str]] = Counter()
        for run in left.values():
            by_address[run.address] += run.size
            by_visitor[run.address, run.visitor] += run.size
        # Of equal ones the first, which has the oldest run.
        filler = max(
            free,
            key=lambda name: (
                by_address[left[name].address],
                by_visitor[left[name].address, left[name].visitor],
            ),
        )
        chosen.append(filler)
        free.remove(filler)
        del left[filler]
    return chosen


def _size(folder: Path) -> int:
    """Return the size of all files below a folder, in bytes."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # deleted meanwhile
            total += path.lstat().st_size
    return total


def _deleted(store: RunStore, run: Run) -> bool:
    try:
        store.delete(run.id)
    except RunError:  # somebody resumed or deleted it meanwhile
        return False
    return True


def _sweep_leftovers(store: RunStore) -> None:
    for folder in (store.root / "runs").glob(".*-*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > DAY:
                shutil.rmtree(folder, ignore_errors=True)
