"""A run's record as arrays, read on from where the last look ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.runs.run import Run
from core.training.events import (
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Message,
    Samples,
    Started,
)

STEP_FIGURES = (
    "loss",
    "accuracy",
    "learning_rate",
    "discriminator_loss",
    "generator_loss",
    "d_real",
    "d_fake",
)


@dataclass
class History:
    """What a run has told so far. The figures by step hold one number a step, from step 1 on."""

    run: Run
    by_step: dict[str, list[float]] = field(default_factory=dict)
    chunks: list[ClassifierSteps | GanSteps] = field(default_factory=list)
    epochs: list[EpochEnd] = field(default_factory=list)
    samples: list[Samples] = field(default_factory=list)
    message: Message | None = None
    started: Started | None = None
    finished: Finished | None = None
    _offset: int = 0
    _number: int = 0

    def refresh(self) -> History:
        """Reads what was recorded since the last look.

        Raises:
            RunError: when the record cannot be opened.
        """
        if (number := self.run.record_number()) != self._number:
            self._forget(number)
        events, self._offset = self.run.events(self._offset)
        for event in events:
            self._take(event)
        return self

    def _forget(self, number: int) -> None:
        """Begins anew with a record that was cut back for a resumed run."""
        fresh = History(self.run, _number=number)
        self.__dict__.update(fresh.__dict__)

    @property
    def step(self) -> int:
        """The last step recorded."""
        return self.chunks[-1].step if self.chunks else 0

    def _take(self, event: Event) -> None:
        if isinstance(event, ClassifierSteps | GanSteps):
            self.chunks.append(event)
            for name in STEP_FIGURES:
                self.by_step.setdefault(name, []).extend(getattr(event, name, []))
        elif isinstance(event, EpochEnd):
            self.epochs.append(event)
        elif isinstance(event, Samples):
            self.samples.append(event)
        elif isinstance(event, Started):
            self.started = event
        elif isinstance(event, Finished):
            self.finished = event
        else:
            self.message = event
