"""Pull the events of a training into the run's record, with its status and its checkpoints."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Any

from core.contract.events import (
    Answers,
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Preparing,
    SamplePredictions,
    Samples,
    Snapshot,
    Started,
)
from core.errors import RunError
from core.messages import message
from core.runs.process.full_disk import RetryingWriter
from core.runs.process.steering import SteerableTraining, Steering
from core.runs.store import files
from core.runs.store.run import Run

CHECKPOINT_EVERY = 30.0  # seconds; the most that a killed run loses within an epoch
STATUS_EVERY = 1.0  # seconds; a write waits some 7 ms for the disk, and charts read the events anyway


class DivergedError(Exception):
    """Raised when a loss is no longer a finite number; its argument is the step."""


def record(
    training: SteerableTraining,
    run: Run,
    steering: Steering | None = None,
    writer: RetryingWriter | None = None,
) -> Finished:
    """Pull the events of a training into the run's record, and obey requests between two events.

    A paused training is one whose events are not pulled; a full disk pauses it, too. The status is written
    once a second and with each change of state.

    Raises:
        DiskFullError: when a stop is requested before there is space.
        RunError: when the record cannot be written, or the training ends without a final event.
        DivergedError: when a loss is not a finite number.
        DiscardedError: when the run is to be deleted.
        PausedLongError: when the run was parked.
    """
    steering = steering or Steering(run)
    writer = writer or RetryingWriter(run, steering)
    summary, checkpoints = _Summary(run, steering), _Checkpoints(training, run)

    def before_waiting() -> None:
        summary.write()
        checkpoints.save()

    resumed = training.step > 0
    writer.write(partial(steering.obey, training, before_waiting))
    for event in training:
        if not (resumed and isinstance(event, Started)):  # the record has it
            writer.write(partial(run.record.append, event))
        writer.write(partial(summary.follow, event))
        if isinstance(event, Finished):
            return event
        if (step := _diverged_at(event)) is not None:
            raise DivergedError(step)
        writer.write(partial(checkpoints.follow, event))
        writer.write(partial(steering.obey, training, before_waiting))
    raise RunError("runs.ended_without_result")


class _Summary:
    """Keep the status up to date with the events, without writing it for each of them."""

    def __init__(self, run: Run, steering: Steering) -> None:
        self._run = run
        self._steering = steering
        self._pending: dict[str, Any] = {}
        self._written = 0.0

    def follow(self, event: Event) -> None:
        self._pending.update(_changes(event))
        if isinstance(event, Started | Finished) or time.monotonic() - self._written >= STATUS_EVERY:
            self.write()

    def write(self) -> None:
        self._run.write_status(**self._pending, held=self._steering.held)
        self._pending.clear()
        self._written = time.monotonic()


class _Checkpoints:
    """Save checkpoints at the end of each epoch, before a pause, and every half minute."""

    def __init__(self, training: SteerableTraining, run: Run) -> None:
        self._training = training
        self._run = run
        self._saved_step = training.step
        self._saved = time.monotonic()

    def follow(self, event: Event) -> None:
        """Save if a checkpoint is due."""
        if isinstance(event, EpochEnd) or time.monotonic() - self._saved >= CHECKPOINT_EVERY:
            self.save()

    def save(self) -> None:
        """Save, unless nothing is new or an event of this step is still to come."""
        if self._training.event_pending or self._training.step == self._saved_step:
            return
        with files.run_errors(self._run.folder):
            self._training.save(self._run.checkpoint)
        self._saved, self._saved_step = time.monotonic(), self._training.step


def _diverged_at(event: Event) -> int | None:
    """Return the first step of a chunk whose loss is not a finite number, if there is one."""
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
    """Return what an event changes in the status."""
    if isinstance(event, Preparing):
        return {"message": event.message}
    if isinstance(event, Started):
        return {"state": "running", "message": message("runs.training"), "total_steps": event.total_steps}
    if isinstance(event, Samples | Answers | SamplePredictions | Snapshot):
        return {"step": event.step}
    changes: dict[str, Any] = {"step": event.step, "seconds": event.seconds}
    if isinstance(event, Finished):
        changes["metrics"] = event.metrics
    return changes
