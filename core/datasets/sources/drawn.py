"""Data drawn by a generator: any number of images by seed, through LiteRT, with nothing to download.

A name such as ``drawn:dcgan`` says which generator: a shipped one, or that of a finished run by its id.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.bundles.bundle import PRETRAINED, Card, open_bundle, pretrained_names, read_card
from core.datasets.registry import DRAWN, DatasetInfo
from core.datasets.synthetic.handwriting import balanced_labels
from core.errors import BundleError, DatasetError, RunError

if TYPE_CHECKING:
    from core.inference.generator import Generator

TRAIN_SIZE = 20_000
TEST_SIZE = 2_000
STEP = 1_000  # images between two reports


def shipped() -> list[str]:
    """The names of the data sets that the shipped generators draw."""
    names = []
    for name in pretrained_names():
        with suppress(BundleError):
            if _takes_a_class(read_card(PRETRAINED / name)):
                names.append(f"{DRAWN}{name}")
    return names


def info(name: str) -> DatasetInfo:
    """What the generator that a name such as ``drawn:dcgan`` names can draw.

    Raises:
        DatasetError: when there is no such generator, or it cannot be asked for a class.
    """
    return _info(name, _card(name))


def generator(name: str) -> Generator:
    """The generator of a data set's name.

    Raises:
        DatasetError: see ``info``.
        BundleError: when LiteRT cannot run it.
    """
    from core.inference.generator import Generator  # noqa: PLC0415  # LiteRT is for who draws

    _card(name)
    return Generator(open_bundle(_folder(name)))


def draw(
    source: Generator, count: int, seed: int, report: Callable[[float], None]
) -> tuple[np.ndarray, np.ndarray]:
    """``count`` images (N×H×W×C uint8), classes alike in number, and their labels (N uint8).

    A smaller draw of the same seed is the beginning of a larger one.
    """
    labels = balanced_labels(count, seed, len(source.card.classes))
    latent, images = source.latent(count, seed), []
    for i in range(0, count, STEP):
        images.append(source.draw(labels[i : i + STEP], latent[i : i + STEP]))
        report(min(1.0, (i + STEP) / count))
    return np.concatenate(images), labels


def _card(name: str) -> Card:
    model = name.removeprefix(DRAWN)[:40]
    try:
        card = read_card(_folder(name))
    except (BundleError, RunError) as error:
        raise DatasetError(f"There is no generator {model!r} to draw data: {error}") from error
    if not _takes_a_class(card):
        raise DatasetError(f"The model {model!r} takes no class, so it draws no data.")
    return card


def _folder(name: str) -> Path:
    """Of a shipped bundle or a run's."""
    from core.runs.store.run_store import RunStore, home  # noqa: PLC0415  # which itself needs the catalogue

    model = name.removeprefix(DRAWN)
    return PRETRAINED / model if model in pretrained_names() else RunStore(home()).open(model).bundle


def _takes_a_class(card: Card) -> bool:
    return card.latent_size is not None and any(layer.kind == "Embedding" for layer in card.layers)


def _info(name: str, card: Card) -> DatasetInfo:
    model = name.removeprefix(DRAWN)
    subject = "digits" if card.classes == tuple("0123456789") else "images"
    return DatasetInfo(
        name=name,
        title=f"Drawn {subject} ({model})",
        summary=f"{subject.capitalize()} drawn by the generator {model}, no download needed. "
        "Accuracy on them says little about real ones: the test images are drawn, too.",
        classes=card.classes,
        shape=card.shape,
        train_size=TRAIN_SIZE,
        test_size=TEST_SIZE,
        source=f"drawn by the generator {model} of Deep Image Lab, which learnt from {card.dataset}",
        licence="MIT",
        download_bytes=0,
    )
