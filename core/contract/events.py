"""What a training run tells the world: typed events, one JSON line each in a run's record.

Images travel as arrays in memory; the recorder writes them into a file that the line names.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from core.contract.evaluation import Judged
from core.errors import RunError


@dataclass(frozen=True)
class Message:
    """A sentence about what goes on before the first step, with progress from 0 to 1 where it is known."""

    kind: ClassVar[str] = "message"
    text: str
    progress: float | None = None


@dataclass(frozen=True)
class Started:
    """The model is built and the data are in memory."""

    kind: ClassVar[str] = "started"
    parameters: int
    train_images: int
    validation_images: int
    steps_per_epoch: int
    total_steps: int


@dataclass(frozen=True)
class ClassifierSteps:
    """A chunk of steps of a classifier; the lists hold one number a step."""

    kind: ClassVar[str] = "classifier_steps"
    step: int  # number of the chunk's last step, counted from 1 over the whole run
    loss: list[float]
    accuracy: list[float]  # share of the batch that was right, 0 to 1
    learning_rate: list[float]
    images_per_second: float
    seconds: float  # since the run started
    weight_norms: dict[str, float] = field(default_factory=dict)  # Euclidean, by layer, at the last step
    gradient_norms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class EpochEnd:
    """Validation after an epoch of a classifier."""

    kind: ClassVar[str] = "epoch_end"
    epoch: int  # counted from 1
    step: int
    validation_loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True)
class GanSteps:
    """A chunk of steps of a GAN; the lists hold one number a step."""

    kind: ClassVar[str] = "gan_steps"
    step: int
    discriminator_loss: list[float]
    generator_loss: list[float]
    d_real: list[float]  # mean D(x): the discriminator's belief, 0 to 1, that real images are real
    d_fake: list[float]  # mean D(G(z)): the same of generated images
    images_per_second: float
    seconds: float
    generator_learning_rate: list[float] = field(default_factory=list)
    discriminator_learning_rate: list[float] = field(default_factory=list)
    weight_norms: dict[str, float] = field(
        default_factory=dict
    )  # by layer ("generator/…", "discriminator/…")
    gradient_norms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Samples:
    """What the generator draws from the same noise each time."""

    kind: ClassVar[str] = "samples"
    step: int
    epoch: int
    images: np.ndarray | None = field(compare=False)  # uint8, N×H×W×C; None once it was written
    file: str = ""  # the PNG, relative to the run's folder


@dataclass(frozen=True)
class Answers:
    """What a classifier answers on images that it did not learn from."""

    kind: ClassVar[str] = "answers"
    step: int
    epoch: int  # 0: before the end of the first
    split: str  # "validation" or "test"
    confusion: list[list[int]]  # rows: true class; columns: predicted
    judged: Judged | None = field(compare=False)  # some images of each cell; None once they were written
    file: str = ""  # where they are, relative to the run's folder


@dataclass(frozen=True)
class Census:
    """What a judge, a classifier that took no part in the training, sees in fresh samples of a generator."""

    kind: ClassVar[str] = "census"
    step: int
    judge: str  # its title
    samples: int
    seen: list[int]  # samples by the class that the judge sees in them
    right: list[int]  # samples by class that show the class they were asked to
    unknown: int  # samples that look like no class to it


@dataclass(frozen=True)
class Snapshot:
    """The generator as it was at a step, to be asked for images later."""

    kind: ClassVar[str] = "snapshot"
    step: int
    model: bytes | None = field(compare=False)  # for LiteRT; None once it was written
    file: str = ""  # where it is, relative to the run's folder


@dataclass(frozen=True)
class Finished:
    """The run is over. Test figures are those of the test set, which was used this once."""

    kind: ClassVar[str] = "finished"
    step: int
    seconds: float
    stopped: bool = False  # by request, before the last epoch
    metrics: dict[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)  # rows: true class; columns: predicted
    reason: str = ""  # why it ended before the last epoch unasked: a condition of its configuration


Event = (
    Message
    | Started
    | ClassifierSteps
    | EpochEnd
    | GanSteps
    | Samples
    | Answers
    | Census
    | Snapshot
    | Finished
)

_KINDS: dict[str, type] = {
    event.kind: event
    for event in (
        Message, Started, ClassifierSteps, EpochEnd, GanSteps, Samples, Answers, Census, Snapshot,
        Finished,
    )
}  # fmt: skip
_IN_FILES = {Samples.kind: "images", Answers.kind: "judged", Snapshot.kind: "model"}  # a file stands for them


def to_dict(event: Event) -> dict[str, Any]:
    """The event as plain JSON values; what is large is left out (its file stands for it)."""
    values = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    if event.kind in _IN_FILES:
        del values[_IN_FILES[event.kind]]
    return {"kind": event.kind, **values}


def from_dict(values: dict[str, Any]) -> Event:
    """The event that ``to_dict`` described.

    Raises:
        RunError: for a kind or fields that no event has.
    """
    try:
        fields = {key: value for key, value in values.items() if key != "kind"}
        if values["kind"] in _IN_FILES:
            fields[_IN_FILES[values["kind"]]] = None
        return _KINDS[values["kind"]](**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise RunError(f"The run's record holds an event that this version cannot read ({error}).") from error
