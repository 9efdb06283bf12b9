"""How a worker does what is asked of its run, between two events of the training."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from core.contract import learning_rates
from core.contract.events import Event
from core.runs.store.control import Control, Request
from core.runs.store.run import Run

LOOK = 0.05  # seconds between two looks at the control while paused

_BY_HAND = (Control.STEP, Control.EPOCH)  # each press takes the training a stretch further


class SteerableTraining(Protocol):
    """What the lab's trainings have in common, as far as a recorder is concerned."""

    step: int
    event_pending: bool
    steps_per_epoch: int

    def __iter__(self) -> Iterator[Event]:
        """Trains."""

    def save(self, folder: Path) -> None:
        """Writes a checkpoint."""

    def restore(self, folder: Path) -> None:
        """Goes back to a checkpoint."""

    def steer(self, until: int | None, changes: learning_rates.Changes) -> None:
        """Sets the step at which a chunk of steps has to end, and the changes of the learning rates."""

    def stop(self) -> None:
        """Asks for an end after the current chunk of steps."""


class DiscardedError(Exception):
    """Thrown through the training when its run is to vanish."""


class StopAskedError(Exception):
    """Thrown through the loading of data when a stop is asked for."""


class Steering:
    """What is asked of a run, by its control file or by a signal, brought to its training."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stopped = False
        self._changes: tuple[learning_rates.RateChange, ...] | None = None  # not read yet
        self._spent = ""  # token of the last stretch by hand that was granted
        self._until: int | None = None  # where that stretch ends

    def stop(self) -> None:
        """Asks for a stop from within the process; there is no way back."""
        self._stopped = True

    def wants_stop(self) -> bool:
        """Whether an end was asked for, ever.

        Raises:
            DiscardedError: when the run is to leave nothing behind.
        """
        control = self._run.control()
        if control is Control.DISCARD:
            raise DiscardedError
        self._stopped = self._stopped or control is Control.STOP
        return self._stopped

    def obey(self, training: SteerableTraining, before_waiting: Callable[[], None]) -> None:
        """Returns when the next event may be pulled; tells the training to stop if that is asked.

        Raises:
            DiscardedError: when the run is to leave nothing behind.
            RunError: when the run's files cannot be written.
        """
        if self._must_wait(training):
            before_waiting()
            self._wait(training)
        if self.wants_stop():
            training.stop()
        training.steer(self._until, self._known_changes())

    def _wait(self, training: SteerableTraining) -> None:
        before = self._run.status()
        self._run.write_status(state="paused", message=f"Paused at step {before.step:,}.")
        while self._must_wait(training):
            time.sleep(LOOK)
        self._run.write_status(state=before.state, message=before.message)

    def _must_wait(self, training: SteerableTraining) -> bool:
        if self.wants_stop():
            return False
        asked = self._run.requested()
        self._follow_rate(asked, training.step)
        if asked.control not in _BY_HAND:
            self._until = None
            return asked.control is Control.PAUSE
        if asked.token != self._spent:
            self._spent, self._until = asked.token, _end_of_stretch(asked.control, training)
        return not training.event_pending and training.step >= (self._until or 0)

    def _follow_rate(self, asked: Request, step: int) -> None:
        """Writes down a new learning rate before the first step that uses it."""
        changes = self._known_changes()
        last = changes[-1].factor if changes else 1.0
        if asked.rate_factor is not None and asked.rate_factor != last:
            self._changes = learning_rates.changed(changes, step, asked.rate_factor)
            self._run.write_rate_changes(self._changes)

    def _known_changes(self) -> tuple[learning_rates.RateChange, ...]:
        if self._changes is None:
            self._changes = self._run.rate_changes()
        return self._changes


def _end_of_stretch(control: Control, training: SteerableTraining) -> int:
    if control is Control.STEP:
        return training.step + 1
    return (training.step // training.steps_per_epoch + 1) * training.steps_per_epoch
