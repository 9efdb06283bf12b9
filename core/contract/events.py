"""Report what a training does as typed events; each becomes one JSON line in the record of its run.

In memory, events carry images as arrays; the recorder writes these into a file that the line names.
"""

from __future__ import annotations

import dataclasses
import reprlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from core.errors import RunError
from core.messages import Message, from_json, to_json

if TYPE_CHECKING:  # dozens of workers may wait for their turn, which none does with NumPy
    import numpy as np

    from core.contract.evaluation import ClassifiedImages


@dataclass(frozen=True)
class Preparing:
    """The work before the first step: a message, and the share done from 0 to 1 where it is known."""

    kind: ClassVar[str] = "preparing"
    message: Message
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
    """A chunk of steps of a classifier; the lists hold one number per step."""

    kind: ClassVar[str] = "classifier_steps"
    step: int  # number of the chunk's last step, counted from 1 over the whole run
    loss: list[float]
    accuracy: list[float]  # share of the batch that was classified correctly, 0 to 1
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
    """A chunk of steps of a GAN; the lists hold one number per step."""

    kind: ClassVar[str] = "gan_steps"
    step: int
    discriminator_loss: list[float]
    generator_loss: list[float]
    d_real: list[float]  # mean D(x): the discriminator's probability that real images are real
    d_fake: list[float]  # mean D(G(z)): its probability that generated images are real
    images_per_second: float
    seconds: float
    generator_learning_rate: list[float] = field(default_factory=list)
    discriminator_learning_rate: list[float] = field(default_factory=list)
    weight_norms: dict[str, float] = field(default_factory=dict)  # by layer, such as "generator/up1"
    gradient_norms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Samples:
    """Images that the generator draws, from the same noise each time."""

    kind: ClassVar[str] = "samples"
    step: int
    epoch: int
    images: np.ndarray | None = field(compare=False)  # uint8, N×H×W×C; None once they are in the file
    file: str = ""  # the PNG, relative to the run's folder
    columns: int = 10  # of the grid in the file: one for each class


@dataclass(frozen=True)
class Answers:
    """A classifier's predictions for images that it did not learn from."""

    kind: ClassVar[str] = "answers"
    step: int
    epoch: int  # 0: before the end of the first
    split: str  # "validation" or "test"
    confusion: list[list[int]]  # rows: true class; columns: predicted
    images: ClassifiedImages | None = field(compare=False)  # of each cell; None once they are in the file
    file: str = ""  # relative to the run's folder


@dataclass(frozen=True)
class SamplePredictions:
    """Predictions of a classifier, which took no part in the training, for new samples of a generator."""

    kind: ClassVar[str] = "sample_predictions"
    step: int
    classifier: str  # its title
    samples: int
    seen: list[int]  # samples by predicted class
    right: list[int]  # samples by requested class, if the classifier predicts this class
    unknown: int  # samples that the classifier assigns to no class


@dataclass(frozen=True)
class Snapshot:
    """The generator at a step, kept to draw images later."""

    kind: ClassVar[str] = "snapshot"
    step: int
    model: bytes | None = field(compare=False)  # for LiteRT; None once it is in the file
    file: str = ""  # relative to the run's folder


@dataclass(frozen=True)
class Finished:
    """The run has ended. The test figures come from the only use of the test set."""

    kind: ClassVar[str] = "finished"
    step: int
    seconds: float
    stopped: bool = False  # by request, before the last epoch
    metrics: dict[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)  # rows: true class; columns: predicted
    reason: Message | None = None  # the condition of the configuration that ended it before the last epoch


Event = (
    Preparing
    | Started
    | ClassifierSteps
    | EpochEnd
    | GanSteps
    | Samples
    | Answers
    | SamplePredictions
    | Snapshot
    | Finished
)

_KINDS: dict[str, type] = {
    event.kind: event
    for event in (
        Preparing, Started, ClassifierSteps, EpochEnd, GanSteps, Samples, Answers, SamplePredictions,
        Snapshot, Finished,
    )
}  # fmt: skip
_IN_FILES = {Samples.kind: "images", Answers.kind: "images", Snapshot.kind: "model"}  # fields kept in files
_MESSAGES = ("message", "reason")  # fields that hold messages


def to_dict(event: Event) -> dict[str, Any]:
    """Return the event as plain JSON values, without what is kept in a file."""
    values = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    if event.kind in _IN_FILES:
        del values[_IN_FILES[event.kind]]
    values |= {name: to_json(value) for name, value in values.items() if isinstance(value, Message)}
    return {"kind": event.kind, **values}


def from_dict(values: dict[str, Any]) -> Event:
    """Return the event that ``to_dict``, of this version or an older one, described.

    Raises:
        RunError: for a kind or fields that no event has.
    """
    try:
        fields = {key: value for key, value in values.items() if key != "kind"}
        kind = values["kind"]
        if kind == "message":  # versions before keys: a finished sentence
            kind, fields["message"] = Preparing.kind, fields.pop("text")
        if kind == "census":  # the same event in earlier versions
            kind, fields["classifier"] = SamplePredictions.kind, fields.pop("judge")
        if kind in _IN_FILES:
            fields[_IN_FILES[kind]] = None
        if not fields.get("reason"):  # "" in versions before keys
            fields.pop("reason", None)
        fields |= {name: from_json(fields[name]) for name in _MESSAGES if name in fields}
        return _KINDS[kind](**fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunError("contract.unreadable_event", reason=reprlib.repr(error)) from error
