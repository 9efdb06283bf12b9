"""Limit how many child processes run at once, one for each visitor, and end those whose visitor has left.

Places live in this process. No cache holds them, since any visitor can have Streamlit's caches cleared.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from core import capacity
from core.errors import ExperimentError

GRACE = 4.0  # seconds after which an absent visitor has left: a connection may break for a moment
CHECK = 1.0  # seconds between two checks


@dataclass(frozen=True)
class ProcessOwner:
    """The visitor for whom a child process works."""

    ids: frozenset[str]  # two owners with an id in common are the same visitor
    is_present: Callable[[], bool]  # tells whether the visitor's page is still open
    address: str = ""  # hash of the network address, "" where it is unknown
    must_yield: Callable[[], bool] = lambda: False  # tells whether a run has waited long for the memory


@dataclass
class Place:
    """A child process and its owner."""

    process: subprocess.Popen[bytes]
    owner: ProcessOwner | None
    absent_since: float | None = None
    ended_by: str = ""  # the key of the sentence that says why it was ended here

    def end(self, ended_by: str) -> None:
        """End the process at once."""
        self.ended_by = ended_by
        self.process.kill()
        self.process.wait()

    def has_left(self, now: float) -> bool:
        """Return whether the owner has been absent for long enough; call this again and again."""
        if self.owner is None or self.owner.is_present():
            self.absent_since = None
        elif self.absent_since is None:
            self.absent_since = now
        return self.absent_since is not None and now - self.absent_since >= GRACE


class ProcessLimit:
    """A limit on how many child processes may run at once in this server; safe for threads.

    Each takes some 0.7 GB, most of it for the libraries; ``DEEP_IMAGE_LAB_EXPERIMENTS`` sets how many.
    """

    def __init__(self, limit: int | None = None) -> None:
        """Limit the number of processes to ``limit``, by default to that of the settings."""
        self._limit = limit
        self._lock = threading.Lock()
        self._places: list[Place] = []
        self._watcher: threading.Thread | None = None

    @property
    def limit(self) -> int:
        """Number of processes that may run at once.

        Raises:
            SettingsError: when a setting is invalid.
        """
        return capacity.current().experiments if self._limit is None else self._limit

    def take(self, spawn: Callable[[], subprocess.Popen[bytes]], owner: ProcessOwner | None = None) -> Place:
        """Return a place with the process that ``spawn`` starts, which ends the owner's process before.

        When all places are taken, a network address with two places more than the owner's gives its oldest.
        So invented visitors of one address keep nobody else out.

        Raises:
            ExperimentError: when all places are taken by others.
        """
        with self._lock:
            self._drop_ended()
            own = [place for place in self._places if owner and place.owner and owner.ids & place.owner.ids]
            others = [place for place in self._places if place not in own]
            if len(others) >= self.limit:
                given = _given_up(others, owner)
                if given is None:
                    raise ExperimentError("subprocesses.all_taken", limit=self.limit)
                given.end("subprocesses.given_up")
            for place in own:
                place.end("subprocesses.replaced")
            self._drop_ended()
            place = Place(spawn(), owner)
            self._places.append(place)
            if owner and self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="watch places", daemon=True)
                self._watcher.start()
            return place

    def _watch(self) -> None:
        """End processes whose owner has left or must yield, until no process has an owner."""
        while True:
            time.sleep(CHECK)
            with self._lock:
                for place in self._places:
                    if place.has_left(time.monotonic()):
                        place.end("subprocesses.visitor_left")
                    elif place.owner and place.owner.must_yield():
                        place.end("subprocesses.training_waited")
                self._drop_ended()
                if not any(place.owner for place in self._places):
                    self._watcher = None
                    return

    def _drop_ended(self) -> None:
        self._places = [place for place in self._places if place.process.poll() is None]


def _given_up(places: list[Place], owner: ProcessOwner | None) -> Place | None:
    """Return the oldest place of the address with most of them, if the owner's has two fewer; else None."""
    if owner is None or not owner.address:
        return None
    counts = Counter(place.owner.address for place in places if place.owner and place.owner.address)
    crowded, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if count < counts[owner.address] + 2:
        return None
    return next(place for place in places if place.owner and place.owner.address == crowded)


EXPERIMENT_PLACES = ProcessLimit()  # of all visitors of this server
