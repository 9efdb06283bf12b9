"""The recorder: pulls a training's events into the run's record, with its status and its checkpoints."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Any

from core.contract.events import (
    Answers,
    Census,
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Preparing,
    Samples,
    Snapshot,
    Started,
)
from core.errors import RunError
from core.runs.process.full_disk import Patience
from core.runs.process.steering import SteerableTraining, Steering
from core.runs.store import files
from core.runs.store.run import Run

CHECKPOINT_EVERY = 30.0  # seconds; as much as a killed run loses at the most, within an epoch
STATUS_EVERY = 1.0  # seconds; a write waits some 7 ms for the disk, and charts read the events anyway


class DivergedError(Exception):
    """Thrown when a loss is no finite number any more; its argument is the step."""


def record(
    training: SteerableTraining, run: Run, steering: Steering | None = None, patience: Patience | None = None
) -> Finished:
    """Pulls the events of a training into the run's record, and between two of them does as it is asked.

    Pausing is not pulling, and a full disk pauses too. The status follows, once a second and with each change
    of state.

    Raises:
        DiskFullError: when a stop is asked for before there is room.
        RunError: when the record cannot be written, or the training ends without its last event.
        DivergedError: when a loss is no finite number.
        DiscardedError: when the run is to leave nothing behind.
    """
    steering = steering or Steering(run)
    patience = patience or Patience(run, steering)
    summary, checkpoints = _Summary(run), _Checkpoints(training, run)

    def before_waiting() -> None:
        summary.write()
        checkpoints.save()

    resumed = training.step > 0
    patience.write(partial(steering.obey, training, before_waiting))
    for event in training:
        if not (resumed and isinstance(event, Started)):  # the record has it
            patience.write(partial(run.record.append, event))
        patience.write(partial(summary.follow, event))
        if isinstance(event, Finished):
            return event
        if (step := _lost_at(event)) is not None:
            raise DivergedError(step)
        patience.write(partial(checkpoints.follow, event))
        patience.write(partial(steering.obey, training, before_waiting))
    raise RunError("The training ended without saying how, so there is no result.")


class _Summary:
    """The run's status, kept up with its events without writing it for each."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._pending: dict[str, Any] = {}
        self._written = 0.0

    def follow(self, event: Event) -> None:
        self._pending.update(_changes(event))
        if isinstance(event, Started | Finished) or time.monotonic() - self._written >= STATUS_EVERY:
            self.write()

    def write(self) -> None:
        self._run.write_status(**self._pending)
        self._pending.clear()
        self._written = time.monotonic()


class _Checkpoints:
    """The training's checkpoints: at the end of each epoch, before a pause, and by the clock."""

    def __init__(self, training: SteerableTraining, run: Run) -> None:
        self._training = training
        self._run = run
        self._saved_step = training.step
        self._saved = time.monotonic()

    def follow(self, event: Event) -> None:
        """Saves when it is time."""
        if isinstance(event, EpochEnd) or time.monotonic() - self._saved >= CHECKPOINT_EVERY:
            self.save()

    def save(self) -> None:
        """Saves, unless nothing is new or an event of this step is still to come."""
        if self._training.event_pending or self._training.step == self._saved_step:
            return
        with files.in_words(self._run.folder):
            self._training.save(self._run.checkpoint)
        self._saved, self._saved_step = time.monotonic(), self._training.step


def _lost_at(event: Event) -> int | None:
    """The first step of a chunk whose loss is no finite number."""
    if isinstance(event, GanSteps):
        losses = [event.discriminator_loss, event.generator_loss]
    elif isinstance(event, ClassifierSteps):
        losses = [event.loss]
    else:
        return None
    for step, values in enumerate(zip(*losses, strict=True), event.step - len(losses[0]) + 1):
        if not all(map(math.isfinite, values)):
            return step
    return None


def _changes(event: Event) -> dict[str, Any]:
    """What an event changes in the status."""
    if isinstance(event, Preparing):
        return {"message": str(event.message)}
    if isinstance(event, Started):
        return {"state": "running", "message": "Training.", "total_steps": event.total_steps}
    if isinstance(event, Samples | Answers | Census | Snapshot):
        return {"step": event.step}
    changes: dict[str, Any] = {"step": event.step, "seconds": event.seconds}
    if isinstance(event, Finished):
        changes["metrics"] = event.metrics
    return changes
