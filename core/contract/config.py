"""What a training run is asked to do: frozen dataclasses that validate themselves once, at the edge."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.contract import architectures as models
from core.datasets import registry as datasets
from core.errors import ConfigError

AUGMENTATIONS = {
    "none": "the images as they are",
    "mirror": "mirrored left to right by chance and shifted a little: for clothes, never for digits",
    "affine": "rotated, scaled, sheared and shifted a little, anew in every epoch",
    "photo": "affine, and elastic distortion, stroke width, blur, noise and contrast as in photographs",
}

SHARDS = 2  # parts of a batch that go through a network side by side, each on a thread of its own


@dataclass(frozen=True, kw_only=True)
class ClassifierConfig:
    """A CNN or an RNN that learns to tell classes apart.

    Raises:
        ConfigError: when a value is of the wrong type or out of range.
    """

    # what learns, and from what
    family: str = "cnn"
    architecture: str = "tutorial"
    dataset: str = datasets.OFFLINE_DEFAULT
    train_size: int | None = None  # images drawn from the training set; None: all of it
    validation_split: float = 1 / 12  # 5,000 of MNIST's 60,000, never trained on
    augmentation: str = "none"
    outliers: float = 0.0  # pictures of no class added to each batch, as a share of it, to be unsure about

    # how it learns
    epochs: int = 5
    batch_size: int = 64
    learning_rate: float = 0.002  # the peak of the one-cycle schedule
    label_smoothing: float = 0.0
    weight_average: float = 0.0  # decay per step of the moving average of the weights; 0: none
    seed: int = 0

    # what ends it before its last epoch; None: nothing
    time_limit: float | None = None  # seconds of training
    target_accuracy: float | None = None  # of the validation images, 0 to 1
    patience: int | None = None  # epochs without a lower validation loss

    def __post_init__(self) -> None:
        _check_common(self, families=("cnn", "rnn"))
        _choice(self, "augmentation", AUGMENTATIONS)
        _number(self, "validation_split", 0.01, 0.5)
        _number(self, "outliers", 0.0, 1.0)
        _number(self, "learning_rate", 1e-7, 1.0)
        _number(self, "label_smoothing", 0.0, 0.5)
        _number(self, "weight_average", 0.0, 0.99999)
        if self.target_accuracy is not None:
            _number(self, "target_accuracy", 0.01, 1.0)
        if self.patience is not None:
            _integer(self, "patience", 1, 1000)


@dataclass(frozen=True, kw_only=True)
class GanConfig:
    """A generator and a discriminator that train each other.

    Raises:
        ConfigError: when a value is of the wrong type or out of range.
    """

    # what learns, and from what
    family: str = "gan"
    architecture: str = "dcgan"
    dataset: str = datasets.OFFLINE_DEFAULT
    train_size: int | None = None
    latent_size: int = 64

    # how it learns
    epochs: int = 20
    batch_size: int = 64
    generator_learning_rate: float = 0.001  # both for the first half of the run; then they fall
    discriminator_learning_rate: float = 0.001
    r1_weight: float = 0.05  # gamma of Mescheder et al. 2018, small as the images are; 0: no penalty
    weight_average: float = 0.999  # of the generator; the average is what samples
    seed: int = 0

    # what ends it before its last epoch; None: nothing
    time_limit: float | None = None  # seconds of training

    def __post_init__(self) -> None:
        _check_common(self, families=("gan",))
        _integer(self, "latent_size", 2, 512)
        _number(self, "generator_learning_rate", 1e-7, 1.0)
        _number(self, "discriminator_learning_rate", 1e-7, 1.0)
        _number(self, "r1_weight", 0.0, 1000.0)
        _number(self, "weight_average", 0.0, 0.99999)


_DRAWN_BY = re.compile(rf"{datasets.DRAWN}[A-Za-z0-9_-]{{1,64}}")

TrainingConfig = ClassifierConfig | GanConfig


def from_dict(values: dict[str, Any]) -> TrainingConfig:
    """The configuration that a mapping describes; keys left out take their defaults.

    Raises:
        ConfigError: for an unknown family or key, or a value out of range.
    """
    if not isinstance(values, dict):
        raise ConfigError(f"A configuration is a JSON object, but this one is a {type(values).__name__}.")
    family = values.get("family", "cnn")
    kind = {"cnn": ClassifierConfig, "rnn": ClassifierConfig, "gan": GanConfig}.get(str(family))
    if kind is None:
        raise ConfigError(f"The family is one of cnn, rnn and gan, but the configuration says {family!r}.")
    known = [field.name for field in dataclasses.fields(kind)]
    for key in values:
        if key not in known:
            raise ConfigError(f"The configuration has the unknown key {key!r}; known are {', '.join(known)}.")
    defaults = {} if "architecture" in values else {"architecture": models.default(str(family))}
    return kind(**defaults, **values)


def to_dict(config: TrainingConfig) -> dict[str, Any]:
    """The configuration as a mapping that ``from_dict`` reads back to an equal one."""
    return dataclasses.asdict(config)


def read(path: Path) -> TrainingConfig:
    """The configuration in a JSON file.

    Raises:
        ConfigError: when the file cannot be read, is no JSON, or describes no valid configuration.
    """
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The configuration {path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:  # bad JSON, bad UTF-8, endless digits or brackets
        raise ConfigError(f"The configuration {path} is not valid JSON: {error}.") from error
    return from_dict(values)


def _check_common(config: TrainingConfig, families: tuple[str, ...]) -> None:
    _choice(config, "family", families)
    architectures = [a.name for a in models.of_family(config.family)]
    _choice(config, "architecture", architectures)
    if not _DRAWN_BY.fullmatch(str(config.dataset)):  # whether that generator is there, its loading will say
        _choice(config, "dataset", datasets.names())
    if config.train_size is not None:
        _integer(config, "train_size", 100, 1_000_000)
    _integer(config, "epochs", 1, 1000)
    _integer(config, "batch_size", 1, 4096)
    _integer(config, "seed", 0, 2**31 - 1)
    if config.time_limit is not None:
        _number(config, "time_limit", 1.0, 1e6)


def _choice(config: TrainingConfig, name: str, choices: Any) -> None:
    value = getattr(config, name)
    if value not in list(choices):
        raise ConfigError(f"{name} is one of {', '.join(choices)}, but the configuration says {value!r}.")


def _integer(config: TrainingConfig, name: str, low: int, high: int) -> None:
    value = getattr(config, name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(
            f"{name} is a whole number from {low:,} to {high:,}, but the configuration says {value!r}."
        )


def _number(config: TrainingConfig, name: str, low: float, high: float) -> None:
    value = getattr(config, name)
    # A NaN is within no range.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ConfigError(
            f"{name} is a number from {low:g} to {high:g}, but the configuration says {value!r}."
        )
