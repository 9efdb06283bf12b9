"""A bundle: the folder through which a model passes from the lab to the stage.

It holds ``card.json`` (what the model is), ``model.keras`` (to train on or export) and ``model.tflite``
(the same for LiteRT). Of a GAN these two are the generator; ``discriminator.tflite`` is its opponent, which
older bundles lack. The card carries the SHA-256 of each; a bundle that was altered is refused.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import BundleError

FORMAT = 1
FILES = ("model.keras", "model.tflite")
DISCRIMINATOR = "discriminator.tflite"
EXTRAS = (DISCRIMINATOR,)  # in some bundles
PRETRAINED = Path(__file__).parent.parent / "pretrained"


@dataclass(frozen=True, kw_only=True)
class CardLayer:
    """One layer as the card lists it."""

    name: str
    kind: str
    shape: tuple[int, ...]  # of its output, without the batch
    parameters: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a model is, in plain data."""

    format: int
    title: str
    family: str  # cnn, rnn or gan
    architecture: str
    dataset: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]  # of an image: height, width, channels
    preprocessing: str
    parameters: int
    layers: tuple[CardLayer, ...]
    activations: dict[str, tuple[int, ...]]  # LiteRT outputs by name, shapes without the batch
    config: dict[str, Any]
    metrics: dict[str, float]
    seed: int
    versions: dict[str, str]
    files: dict[str, str]  # SHA-256 by file name
    temperature: float = 1.0  # classifiers: logits are divided by it before the softmax
    refuse_below: float = 0.0  # classifiers: a lower probability is no answer
    latent_size: int | None = None  # generators


@dataclass(frozen=True)
class Bundle:
    """A verified bundle."""

    folder: Path
    card: Card

    @property
    def name(self) -> str:
        """The folder's name: what a visitor or a command calls the model."""
        return self.folder.name

    @property
    def tflite(self) -> bytes:
        """The LiteRT model."""
        return (self.folder / "model.tflite").read_bytes()

    @property
    def discriminator(self) -> bytes | None:
        """The LiteRT model of a GAN's discriminator; None where the bundle has none."""
        return (self.folder / DISCRIMINATOR).read_bytes() if DISCRIMINATOR in self.card.files else None


def open_bundle(folder: Path) -> Bundle:
    """The bundle in a folder, its files checked against the card.

    Raises:
        BundleError: when the card cannot be read, a file is missing, or a hash does not match.
    """
    card = read_card(folder)
    for name in (*FILES, *(name for name in EXTRAS if name in card.files)):
        try:
            found = sha256(folder / name)
        except OSError as error:
            raise BundleError(f"The model {folder.name!r} is incomplete: {name} cannot be read.") from error
        if found != card.files.get(name):
            raise BundleError(
                f"The model {folder.name!r} was altered or damaged: {name} does not match its card; "
                "publish or download it again."
            )
    return Bundle(folder, card)


def pretrained(name: str) -> Bundle:
    """The shipped bundle of that name.

    Raises:
        BundleError: when no such model is shipped.
    """
    if name not in pretrained_names():
        known = ", ".join(pretrained_names()) or "none"
        raise BundleError(f"There is no model named {name!r}; shipped with the app: {known}.")
    return open_bundle(PRETRAINED / name)


def pretrained_names() -> list[str]:
    """The names of the shipped bundles, in alphabetical order."""
    folders = (card.parent.name for card in PRETRAINED.glob("*/card.json"))
    return sorted(name for name in folders if not name.startswith("."))  # a dot: a draft


def judge_of(classes: tuple[str, ...], *, plain: bool = False) -> Bundle:
    """The shipped CNN that tells these classes apart, to look at a generator's images.

    ``plain``: rather one that learnt from the data set's images as they are. A network that has met distorted
    pictures too overlooks what sets drawn images apart from real ones, and real ones from each other.

    Raises:
        BundleError: when there is none.
    """
    other = None
    for bundle in map(pretrained, pretrained_names()):
        if bundle.card.family == "cnn" and bundle.card.classes == classes:
            if plain != _augmented(bundle.card):
                return bundle
            other = other or bundle
    if other is None:
        raise BundleError("No shipped CNN knows the classes of this generator.")
    return other


def _augmented(card: Card) -> bool:
    return card.config.get("augmentation", "none") != "none"


def write_card(folder: Path, card: Card) -> None:
    """Writes ``card.json``."""
    text = json.dumps(dataclasses.asdict(card), indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_card(folder: Path) -> Card:
    """The card in a bundle's folder, whose files are not looked at.

    Raises:
        BundleError: when it cannot be read, or is of another format.
    """
    try:
        values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        if values.get("format") != FORMAT:
            raise BundleError(
                f"The model {folder.name!r} has card format {values.get('format')!r}, "
                f"but this version of the app reads format {FORMAT}."
            )
        values["layers"] = tuple(
            CardLayer(**{**layer, "shape": tuple(layer["shape"])}) for layer in values["layers"]
        )
        values["activations"] = {name: tuple(shape) for name, shape in values["activations"].items()}
        card = Card(**{**values, "classes": tuple(values["classes"]), "shape": tuple(values["shape"])})
    except OSError as error:
        raise BundleError(f"There is no model in {folder}: its card.json cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"The card of the model {folder.name!r} is damaged ({error}).") from error
    if not _is_sound(card):
        raise BundleError(f"The card of the model {folder.name!r} is damaged (a value of the wrong type).")
    return card


def _is_sound(card: Card) -> bool:
    """Whether the values that the stage relies on are of their types."""
    texts = (card.title, card.family, card.architecture, card.dataset, card.preprocessing, *card.classes)
    tables = (card.config, card.metrics, card.versions, card.files)
    if not all(isinstance(table, dict) for table in tables):
        return False
    numbers = (card.temperature, card.refuse_below, *card.shape, *card.metrics.values())
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int | float) for number in numbers)
        and len(card.shape) == 3
        and card.temperature > 0
        and isinstance(card.latent_size, int | None)
    )
