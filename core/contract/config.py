"""Configure a training: frozen dataclasses that validate themselves when they are made.

Only the form of a data set's name is checked here; ``core.datasets.registry`` finds the data set.
"""

from __future__ import annotations

import dataclasses
import json
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.contract import architectures as models
from core.contract.dataset_info import OFFLINE_DEFAULT, OWN, is_name, prefix_of
from core.contract.field_labels import label
from core.errors import ConfigError
from core.language import join

SINGLE_AUGMENTATIONS = ("shift", "turn", "scale", "elastic", "noise", "square")
TOGETHER = "together"  # all of these
AUGMENTATIONS = ("none", "mirror", "cutout", "affine", "photo", *SINGLE_AUGMENTATIONS, TOGETHER)
# core.lab.training.augmentation defines them
MIRRORING = ("mirror", "cutout")
OPTIMIZERS = ("adam", "sgd", "muon")  # the others with Nesterov momentum; see core.lab.training.fast
OF_WHOLE_MAPS = AUGMENTATIONS[:2]  # those whose maps are computed once: a picture and its mirror image
SHIPPED = ("cnn", "plain_cnn", "lstm")  # models of digits that a training may begin with
FEWEST, FEWEST_OWN = 100, 2  # training images that may be chosen, of a visitor's own classes too
SHARDS = 2  # parts of a batch that go through a network in parallel, one thread each


@dataclass(frozen=True, kw_only=True)
class ClassifierConfig:
    """The configuration of a CNN or an RNN that learns to tell classes apart.

    Raises:
        ConfigError: when a value is of the wrong type or out of range.
    """

    # network and data
    family: str = "cnn"
    architecture: str = "tutorial"
    dataset: str = OFFLINE_DEFAULT
    train_size: int | None = None  # images drawn from the training set; None: all of it
    validation_split: float = 1 / 12  # 5,000 of MNIST's 60,000, never trained on
    augmentation: str = "none"
    outliers: float = 0.0  # images of no class added to each batch, as a share of it
    rare_forms: float = 0.0  # drawn digits in forms that MNIST hardly has, added in the same way

    begin_with: str = ""  # the shipped model whose weights are the first; empty: random weights

    # training
    epochs: int = 5
    small_epochs: int = 0  # of these, the first ones, with images of three quarters of their side
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float = 0.002  # the peak of the one-cycle schedule
    label_smoothing: float = 0.0
    weight_decay: float = 0.0  # decoupled: of each kernel, times the learning rate, a step
    weight_average: float = 0.0  # decay per step of the moving average of the weights; 0: none
    seed: int = 0

    # limits that end the training before its last epoch; None: no limit
    time_limit: float | None = None  # seconds of training
    target_accuracy: float | None = None  # of the validation images, 0 to 1
    patience: int | None = None  # epochs without a lower validation loss

    def __post_init__(self) -> None:
        _check_common(self, families=("cnn", "rnn"))
        fine_tuned = models.is_fine_tuned(self.architecture)
        _choice(self, "augmentation", OF_WHOLE_MAPS if fine_tuned else AUGMENTATIONS)
        _number(self, "validation_split", 0.01, 0.5)
        _choice(self, "begin_with", ("",) if fine_tuned else ("", *SHIPPED))
        _number(self, "outliers", 0.0, 0.0 if fine_tuned else 1.0)
        _number(self, "rare_forms", 0.0, 0.0 if fine_tuned else 1.0)
        _integer(self, "small_epochs", 0, 1000 if self.architecture in models.OF_ANY_SIDE else 0)
        _choice(self, "optimizer", OPTIMIZERS)
        _number(self, "learning_rate", 1e-7, 1.0)
        _number(self, "label_smoothing", 0.0, 0.5)
        _number(self, "weight_decay", 0.0, 1.0)
        _number(self, "weight_average", 0.0, 0.99999)
        if self.target_accuracy is not None:
            _number(self, "target_accuracy", 0.01, 1.0)
        if self.patience is not None:
            _integer(self, "patience", 1, 1000)

    @property
    def adds_drawings(self) -> bool:
        """Return whether drawn images are added to each batch."""
        return bool(self.outliers or self.rare_forms)


@dataclass(frozen=True, kw_only=True)
class GanConfig:
    """The configuration of a generator and a discriminator that train each other.

    Raises:
        ConfigError: when a value is of the wrong type or out of range.
    """

    # networks and data
    family: str = "gan"
    architecture: str = "dcgan"
    dataset: str = OFFLINE_DEFAULT
    train_size: int | None = None
    latent_size: int = 64

    # training
    epochs: int = 20
    batch_size: int = 64
    generator_learning_rate: float = 0.001
    discriminator_learning_rate: float = 0.001
    held_rate: float = 0.5  # share of the run before both learning rates fall
    translation: int = 0  # most pixels by which the discriminator's images are moved; 0: not at all
    r1_weight: float = 0.05  # gamma of Mescheder et al. 2018, small as the images are; 0: no penalty
    weight_average: float = 0.999  # of the generator; the average is what samples
    seed: int = 0

    # limits that end the training before its last epoch; None: no limit
    time_limit: float | None = None  # seconds of training

    def __post_init__(self) -> None:
        _check_common(self, families=("gan",))
        _integer(self, "latent_size", 2, 512)
        _number(self, "generator_learning_rate", 1e-7, 1.0)
        _number(self, "discriminator_learning_rate", 1e-7, 1.0)
        _number(self, "held_rate", 0.0, 0.95)
        _integer(self, "translation", 0, 16)
        _number(self, "r1_weight", 0.0, 1000.0)
        _number(self, "weight_average", 0.0, 0.99999)


TrainingConfig = ClassifierConfig | GanConfig
_KINDS: dict[str, type[ClassifierConfig] | type[GanConfig]] = {
    "cnn": ClassifierConfig,
    "rnn": ClassifierConfig,
    "gan": GanConfig,
}


def from_dict(values: dict[str, Any]) -> TrainingConfig:
    """Return the configuration that a mapping describes; missing keys take their defaults.

    Raises:
        ConfigError: for an unknown family or key, or a value out of range.
    """
    if not isinstance(values, dict):
        raise ConfigError("contract.no_object", type=type(values).__name__)
    family = values.get("family", "cnn")
    kind = _KINDS.get(str(family))
    if kind is None:
        raise _unknown_choice("family", _KINDS, family)
    known = [field.name for field in dataclasses.fields(kind)]
    for key in values:
        if key not in known:
            raise ConfigError("contract.unknown_key", name=_shown(key), known=join(known))
    if "architecture" not in values:
        values = {**values, "architecture": models.default(str(family))}
    return kind(**values)


def to_dict(config: TrainingConfig) -> dict[str, Any]:
    """Return the configuration as a mapping, from which ``from_dict`` makes an equal one."""
    return dataclasses.asdict(config)


def read(path: Path) -> TrainingConfig:
    """Return the configuration in a JSON file.

    Raises:
        ConfigError: when the file cannot be read, is not JSON, or describes no valid configuration.
    """
    try:
        values = json.loads(Path(path).read_bytes())  # in UTF-8, -16 or -32, with or without a mark
    except OSError as error:
        raise ConfigError(
            "contract.unreadable_file", path=path, reason=error.strerror or str(error)
        ) from error
    except (ValueError, RecursionError) as error:  # bad JSON, bad UTF-8, endless digits or brackets
        raise ConfigError("contract.no_json", path=path, reason=str(error)) from error
    return from_dict(values)


def _check_common(config: TrainingConfig, families: tuple[str, ...]) -> None:
    _choice(config, "family", families)
    if not is_name(config.dataset):
        raise ConfigError("contract.dataset_name", value=_shown(config.dataset))
    own = models.FINE_TUNED if config.family == "cnn" and prefix_of(config.dataset) == OWN else ()
    _choice(config, "architecture", [a.name for a in (*models.of_family(config.family), *own)])
    if config.train_size is not None:
        least = FEWEST_OWN if prefix_of(config.dataset) == OWN else FEWEST
        _integer(config, "train_size", least, 1_000_000)
    _integer(config, "epochs", 1, 1000)
    _integer(config, "batch_size", 1, 4096)
    _integer(config, "seed", 0, 2**31 - 1)
    if config.time_limit is not None:
        _number(config, "time_limit", 1.0, 1e6)


def _choice(config: TrainingConfig, name: str, choices: Iterable[str]) -> None:
    value = getattr(config, name)
    if value not in list(choices):
        raise _unknown_choice(name, choices, value)


def _unknown_choice(name: str, choices: Iterable[str], value: object) -> ConfigError:
    return ConfigError(
        "contract.unknown_choice", name=label(name), choices=join(choices), value=_shown(value)
    )


def _integer(config: TrainingConfig, name: str, low: int, high: int) -> None:
    value = getattr(config, name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError("contract.whole_number", name=label(name), low=low, high=high, value=_shown(value))


def _number(config: TrainingConfig, name: str, low: float, high: float) -> None:
    value = getattr(config, name)
    # NaN is in no range.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ConfigError("contract.number", name=label(name), low=low, high=high, value=_shown(value))


def _shown(value: object) -> str:
    """Return a value as text that is short even if the value is not; it may come from a stranger's link."""
    return reprlib.repr(value)
