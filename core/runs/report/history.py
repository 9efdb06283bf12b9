"""Read a run's record into arrays, continuing where the last reading ended."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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
    Started,
)
from core.runs.store.run import Run

STEP_FIGURES = (
    "loss",
    "accuracy",
    "learning_rate",
    "discriminator_loss",
    "generator_loss",
    "d_real",
    "d_fake",
    "generator_learning_rate",
    "discriminator_learning_rate",
)
CHUNK_FIGURES = ("step", "seconds", "images_per_second")

Columns = dict[str, "array[float]"]


@dataclass
class History:
    """The record of a run so far, as arrays of doubles: a hundred thousand steps take some megabytes.

    Figures by step hold one number per step, from step 1; figures by chunk and norms by layer hold one per
    chunk of steps.
    """

    run: Run
    by_step: Columns = field(default_factory=dict)
    by_chunk: Columns = field(default_factory=dict)
    weight_norms: Columns = field(default_factory=dict)
    gradient_norms: Columns = field(default_factory=dict)
    epochs: list[EpochEnd] = field(default_factory=list)
    samples: list[Samples] = field(default_factory=list)
    answers: dict[str, Answers] = field(default_factory=dict)  # the latest of each split
    sample_predictions: list[SamplePredictions] = field(default_factory=list)
    preparing: Preparing | None = None
    started: Started | None = None
    finished: Finished | None = None
    _offset: int = 0
    _number: int = 0

    def refresh(self) -> History:
        """Read what was recorded since the last reading.

        Raises:
            RunError: when the record cannot be opened.
        """
        if (number := self.run.record.number()) != self._number:
            self._forget(number)
        events, self._offset = self.run.record.events(self._offset)
        for event in events:
            self._take(event)
        return self

    def _forget(self, number: int) -> None:
        """Start over with a record that was cut back for a resumed run."""
        fresh = History(self.run, _number=number)
        self.__dict__.update(fresh.__dict__)

    @property
    def step(self) -> int:
        """Return the last recorded step."""
        return int(self._last("step"))

    @property
    def seconds(self) -> float:
        """Return the seconds of training up to that step."""
        return self._last("seconds")

    @property
    def images_per_second(self) -> float:
        """Return the speed of the last chunk of steps."""
        return self._last("images_per_second")

    @property
    def share_done(self) -> float:
        """Return the share of all steps that are done, from 0 to 1; 0 before the run knows how many."""
        return min(1.0, self.step / max(1, self.started.total_steps)) if self.started else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return how many more seconds of training to expect; None before the speed is known.

        The first two chunks are slow, because the network is compiled in them.
        """
        if not self.started or len(self.by_chunk.get("step", ())) <= 2:
            return None
        return self.seconds / self.step * max(0, self.started.total_steps - self.step)

    @property
    def latest_answers(self) -> Answers | None:
        """Return the answers to the test images, or those to the validation images before the end.

        Runs of earlier versions recorded the confusion matrix of the test without its images.
        """
        if answers := self.answers.get("test"):
            return answers
        if self.finished and self.finished.confusion:
            return Answers(self.finished.step, 0, "test", self.finished.confusion, None)
        return self.answers.get("validation")

    def seconds_by_step(self) -> np.ndarray:
        """Return the second of training at which each step ended; steps of a chunk count as equally long."""
        steps = self.by_chunk.get("step")
        if not steps:
            return np.zeros(0)
        return np.interp(np.arange(1, steps[-1] + 1), [0, *steps], [0, *self.by_chunk["seconds"]])

    def _last(self, name: str) -> float:
        values = self.by_chunk.get(name)
        return values[-1] if values else 0

    def _take(self, event: Event) -> None:
        if isinstance(event, ClassifierSteps | GanSteps):
            self._take_steps(event)
        elif isinstance(event, EpochEnd):
            self.epochs.append(event)
        elif isinstance(event, Samples):
            self.samples.append(event)
        elif isinstance(event, Answers):
            self.answers[event.split] = event
        elif isinstance(event, SamplePredictions):
            self.sample_predictions.append(event)
        elif isinstance(event, Started):
            self.started = event
        elif isinstance(event, Finished):
            self.finished = event
        elif isinstance(event, Preparing):
            self.preparing = event

    def _take_steps(self, event: ClassifierSteps | GanSteps) -> None:
        """Add a chunk of steps; skip one that was edited and holds something else than numbers."""
        try:
            steps = {name: array("d", getattr(event, name, [])) for name in STEP_FIGURES}
            chunk = {name: array("d", [getattr(event, name)]) for name in CHUNK_FIGURES}
            weights, gradients = (
                {str(layer): array("d", [norm]) for layer, norm in norms.items()}
                for norms in (event.weight_norms, event.gradient_norms)
            )
        except (TypeError, ValueError, AttributeError, OverflowError):
            return
        for columns, new in (
            (self.by_step, steps),
            (self.by_chunk, chunk),
            (self.weight_norms, weights),
            (self.gradient_norms, gradients),
        ):
            _extend(columns, new)


def _extend(columns: Columns, new: Mapping[str, Any]) -> None:
    for name, values in new.items():
        columns.setdefault(name, array("d")).extend(values)
