"""Read and write bundles, the folders through which models pass from the lab to the stage.

A bundle holds ``card.json`` (a description), ``model.keras`` (to train further or export) and
``model.tflite`` (the same model for LiteRT). For a GAN these two are the generator, and
``discriminator.tflite``, which older bundles lack, is the discriminator. The card has the SHA-256 of each
file; an altered bundle is refused.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.contract.preprocessing import GLYPH, WHOLE, Preprocessing, standard
from core.errors import BundleError, ConfigError
from core.language import join

FORMAT = 2
KERAS = "model.keras"
FILES = (KERAS, "model.tflite")
DISCRIMINATOR = "discriminator.tflite"
CRITIC = "critic.tflite"  # of a generator: finds broken images
FAMILIARITY = "familiarity.npz"  # of a classifier that did not learn to refuse
EARLY_IMAGES = "early_images.webp"  # of a generator: what it drew while it learnt
EXTRAS = (DISCRIMINATOR, CRITIC, FAMILIARITY, EARLY_IMAGES)  # files that only some bundles have
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
    """The description of a model, in plain data."""

    format: int
    title: str
    family: str  # cnn, rnn, gan, rows, or backbone: a CNN trained elsewhere, whose features are used here
    architecture: str
    dataset: str
    subject: str  # an id of what the images show, such as "digit" or "clothing"
    classes: tuple[str, ...]
    shape: tuple[int, int, int]  # of an image: height, width, channels
    preprocessing: Preprocessing  # how a picture becomes such an image, and this the network's input
    parameters: int
    layers: tuple[CardLayer, ...]
    activations: dict[str, tuple[int, ...]]  # LiteRT outputs by name, shapes without the batch
    config: dict[str, Any]
    metrics: dict[str, float]
    seed: int
    versions: dict[str, str]
    files: dict[str, str]  # SHA-256 by file name
    temperature: float = 1.0  # classifiers: logits are divided by it before the softmax
    refuse_below: float = 0.0  # classifiers: no answer is given with a lower probability
    familiar_from: float | None = None  # taught classes: an image less like all of them shows none of them
    latent_size: int | None = None  # generators
    sound_from: float | None = None  # generators with a critic: an image with a lower logit is broken
    early_steps: tuple[int, ...] = ()  # generators with early images: the steps at which they were drawn
    words: tuple[str, ...] = ()  # the everyday word of each class, where several classes may share one
    licence: str = ""  # of weights that were trained elsewhere, or of designs that a generator learnt
    source: str = ""  # where these weights come from, or who drew these designs

    @property
    def is_conditional(self) -> bool:
        """True for a generator that draws a requested class; the GAN of 2014 cannot."""
        return self.latent_size is not None and any(layer.kind == "Embedding" for layer in self.layers)

    @property
    def task(self) -> tuple[tuple[str, ...], str]:
        """Classes and kind of preprocessing: networks in which both are equal answer the same questions."""
        return self.classes, self.preprocessing.kind


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

    @property
    def critic(self) -> bytes | None:
        """The LiteRT model of a generator's critic; None where the bundle has none."""
        return (self.folder / CRITIC).read_bytes() if CRITIC in self.card.files else None


def open_bundle(folder: Path) -> Bundle:
    """Return the bundle in a folder after checking its files against the card.

    Raises:
        BundleError: when the card cannot be read, a file is missing, or a hash does not match.
    """
    card = read_card(folder)
    for name in (*FILES, *(name for name in EXTRAS if name in card.files)):
        try:
            found = sha256(folder / name)
        except OSError as error:
            raise BundleError("bundles.file_missing", name=folder.name, file=name) from error
        if found != card.files.get(name):
            raise BundleError("bundles.file_altered", name=folder.name, file=name)
    return Bundle(folder, card)


def pretrained(name: str) -> Bundle:
    """Return the shipped bundle of that name.

    Raises:
        BundleError: when no such model is shipped.
    """
    if name not in pretrained_names():
        raise BundleError("bundles.not_shipped", name=name, known=join(pretrained_names()) or "–")
    return open_bundle(PRETRAINED / name)


def pretrained_names() -> list[str]:
    """Return the names of the shipped bundles, in alphabetical order."""
    return list(_names(PRETRAINED, PRETRAINED.stat().st_mtime_ns))


@lru_cache(maxsize=1)
def _names(folder: Path, stamp: int) -> tuple[str, ...]:
    """Return the names of the bundles in a folder that was changed last at this time."""
    names = (card.parent.name for card in folder.glob("*/card.json"))
    return tuple(sorted(name for name in names if not name.startswith(".")))  # a dot: a draft


def shipped_classifier(
    classes: tuple[str, ...], shape: tuple[int, int, int], *, unaugmented: bool = False
) -> Bundle:
    """Return the shipped CNN of these classes and this shape, to classify a generator's images.

    With ``unaugmented``, prefer one that was trained on the data set's unchanged images: a network that was
    trained on distorted pictures too is worse at telling generated images from real ones, and real ones from
    each other.

    Raises:
        BundleError: when there is none.
    """
    other = None
    for folder in (PRETRAINED / name for name in pretrained_names()):
        card = read_card(folder)
        if (card.family, card.classes, card.shape) == ("cnn", classes, shape):
            if unaugmented != _is_augmented(card):
                return open_bundle(folder)
            other = other or folder
    if other is None:
        raise BundleError("bundles.no_classifier")
    return open_bundle(other)


def _is_augmented(card: Card) -> bool:
    return card.config.get("augmentation", "none") != "none"


def write_card(folder: Path, card: Card) -> None:
    """Write ``card.json``."""
    text = json.dumps(dataclasses.asdict(card), indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as opened:  # a backbone's files need not be in memory to be verified
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_card(folder: Path) -> Card:
    """Return the card in a bundle's folder without looking at the other files.

    Raises:
        BundleError: when it cannot be read, or is of an unknown format.
    """
    try:
        values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        found = values.get("format")
        if found == 1 and type(found) is int:
            values = _from_format_1(values)
        elif found != FORMAT:
            raise BundleError("bundles.card_format", name=folder.name, found=repr(found), known=FORMAT)
        values["preprocessing"] = Preprocessing.from_json(values["preprocessing"])
        values["layers"] = tuple(
            CardLayer(**{**layer, "shape": tuple(layer["shape"])}) for layer in values["layers"]
        )
        values["activations"] = {name: tuple(shape) for name, shape in values["activations"].items()}
        values["words"], values["early_steps"] = (tuple(values.get(k, ())) for k in ("words", "early_steps"))
        card = Card(**{**values, "classes": tuple(values["classes"]), "shape": tuple(values["shape"])})
    except OSError as error:
        raise BundleError("bundles.card_missing", folder=folder) from error
    except (ConfigError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError("bundles.card_damaged", name=folder.name, error=error) from error
    if not _has_right_types(card):
        raise BundleError("bundles.card_types", name=folder.name)
    return card


def _from_format_1(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a card of format 1, brought to format 2.

    In format 1 the preprocessing was a sentence for people. The app of that time cut out glyphs for networks
    of the classes 0 to 9 and showed the whole picture to all others, so this is what such a card means.
    """
    digits = values["classes"] == list("0123456789")
    subjects = {"fashion_mnist": "clothing", "drawn:fashion_dcgan": "clothing", "cifar10": "thing"}
    return {
        **values,
        "format": FORMAT,
        "subject": "digit" if digits else subjects.get(values["dataset"], "image"),
        "preprocessing": standard(GLYPH if digits else WHOLE, tuple(values["shape"])).to_json(),
    }


def _has_right_types(card: Card) -> bool:
    """Return whether the values that the stage relies on are of their types."""
    names = (card.title, card.family, card.architecture, card.dataset, card.subject)
    texts = (*names, card.licence, card.source, *card.classes, *card.words)
    tables = (card.config, card.metrics, card.versions, card.files)
    if not all(isinstance(table, dict) for table in tables):
        return False
    numbers = (card.temperature, card.refuse_below, *card.metrics.values())
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int | float) for number in numbers)
        and card.shape == card.preprocessing.shape
        and card.temperature > 0
        and len(card.words) in (0, len(card.classes))
        and isinstance(card.latent_size, int | None)
        and isinstance(card.sound_from, int | float | None)
        and all(isinstance(step, int) for step in card.early_steps)
        and isinstance(card.familiar_from, int | float | None)
    )
