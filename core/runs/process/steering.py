"""Apply the requests to a run to its training, between two events."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.contract import learning_rates
from core.contract.events import Event
from core.messages import message
from core.runs.store.control import Control, Request
from core.runs.store.run import Run
from core.runs.store.status import Status

POLL = 0.05  # seconds between two reads of the requests while paused

_BY_HAND = (Control.STEP, Control.EPOCH)  # each press trains one step or epoch


class SteerableTraining(Protocol):
    """The part of a lab training that a recorder uses."""

    step: int
    event_pending: bool
    steps_per_epoch: int

    def __iter__(self) -> Iterator[Event]:
        """Train and yield events."""

    def save(self, folder: Path) -> None:
        """Write a checkpoint."""

    def restore(self, folder: Path) -> None:
        """Return to a checkpoint."""

    def steer(self, until: int | None, changes: learning_rates.Changes) -> None:
        """Set the step at which a chunk of steps must end, and the changes of the learning rates."""

    def stop(self) -> None:
        """Request an end after the current chunk of steps."""


class DiscardedError(Exception):
    """Raised through the training when its run is to be deleted."""


class StopAskedError(Exception):
    """Raised through the loading of data when a stop is requested."""


class PausedLongError(Exception):
    """Raised through the training when its run was parked: it gives its place to others."""


@dataclass(frozen=True)
class PlaceLimits:
    """How long a run may keep its place, in seconds."""

    pause: float = math.inf  # in one pause
    whole: float = math.inf  # in all, under all its workers, pauses included


NO_LIMITS = PlaceLimits()


class Steering:
    """Apply the requests to a run, from its control file or a signal, to its training."""

    def __init__(self, run: Run, limits: PlaceLimits = NO_LIMITS) -> None:
        self._run = run
        self._limits = limits
        self._began: float | None = None  # when it got its place, in seconds of the monotonic clock
        self._held_before = 0.0  # seconds under earlier workers
        self._signalled = False
        self._stopped = False
        self._changes: tuple[learning_rates.RateChange, ...] | None = None  # not read yet
        self._obeyed = ""  # token of the last press that was obeyed
        self._until: int | None = None  # the step at which it ends

    def stop(self) -> None:
        """Request a stop from within the process; it cannot be taken back."""
        self._stopped = self._signalled = True

    def begin(self) -> None:
        """Begin to count how long the run has its place."""
        self._began, self._held_before = time.monotonic(), self._run.status().held

    @property
    def held(self) -> float:
        """Return the seconds for which the run had a place, under all its workers."""
        return self._held_before + (time.monotonic() - self._began if self._began is not None else 0.0)

    @property
    def out_of_time(self) -> bool:
        """True when the run may have its place no longer."""
        return self.held >= self._limits.whole

    def gives_up(self) -> bool:
        """Return whether a run that has not begun to train ends now.

        A run with a checkpoint does not: it is stopped in its turn, so that its network is kept.

        Raises:
            DiscardedError: when the run is to be deleted.
        """
        return self.wants_stop() and (self._signalled or not self._run.checkpoint.is_dir())

    def wants_stop(self) -> bool:
        """Return whether a stop was ever requested.

        Raises:
            DiscardedError: when the run is to be deleted.
        """
        control = self._run.control()
        if control is Control.DISCARD:
            raise DiscardedError
        self._stopped = self._stopped or control is Control.STOP
        return self._stopped

    def obey(self, training: SteerableTraining, before_waiting: Callable[[], None]) -> None:
        """Wait until the next event may be pulled, and forward requests to the training.

        Raises:
            DiscardedError: when the run is to be deleted.
            PausedLongError: when it was paused for so long that it gives its place to others.
            RunError: when the run's files cannot be written.
        """
        if self._must_wait(training):
            before_waiting()
            self._wait(training)
        if self.wants_stop():
            training.stop()
        elif self.out_of_time and not training.event_pending:
            before_waiting()
            training.stop()
        training.steer(self._until, self._known_changes())

    def _wait(self, training: SteerableTraining) -> None:
        before, began = self._run.status(), time.monotonic()
        told = message("runs.paused", step=before.step)
        if math.isfinite(self._limits.pause):
            told = message("runs.paused_for", step=before.step, minutes=self._limits.pause / 60)
        self._run.write_status(state="paused", message=told)
        while self._must_wait(training):
            time.sleep(POLL)
            if time.monotonic() - began >= self._limits.pause:
                self._park(training, before)
        self._run.write_status(state=before.state, message=before.message)

    def _park(self, training: SteerableTraining, before: Status) -> None:
        """Give the place back, unless a request came just now. The checkpoint was saved before the pause."""
        parked = self._run.park(
            lambda: self._must_wait(training),
            message=message("runs.parked", step=before.step),
            held=self.held,
            ended=time.time(),
        )
        if parked:
            raise PausedLongError

    def _must_wait(self, training: SteerableTraining) -> bool:
        if self.wants_stop() or self.out_of_time:
            return False
        asked = self._run.requested()
        self._follow_rate(asked, training.step)
        if asked.control not in _BY_HAND:
            self._until = None
            # A checkpoint between a step and its last event would lose that event.
            return asked.control is Control.PAUSE and not training.event_pending
        if asked.token != self._obeyed:
            self._obeyed, self._until = asked.token, _end_of_press(asked.control, training)
        return not training.event_pending and training.step >= (self._until or 0)

    def _follow_rate(self, asked: Request, step: int) -> None:
        """Write a new learning rate to the run before the first step that uses it."""
        changes = self._known_changes()
        last = changes[-1].factor if changes else 1.0
        if asked.rate_factor is not None and asked.rate_factor != last:
            self._changes = learning_rates.changed(changes, step, asked.rate_factor)
            self._run.write_rate_changes(self._changes)

    def _known_changes(self) -> tuple[learning_rates.RateChange, ...]:
        if self._changes is None:
            self._changes = self._run.rate_changes()
        return self._changes


def _end_of_press(control: Control, training: SteerableTraining) -> int:
    if control is Control.STEP:
        return training.step + 1
    return (training.step // training.steps_per_epoch + 1) * training.steps_per_epoch
