"""Draw data sets with the generator of a shipped model (``drawn:dcgan``) or of a run (``drawn:RUN``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from core.bundles.bundle import PRETRAINED, Card, open_bundle, pretrained_names, read_card
from core.contract.dataset_info import DRAWN, DatasetInfo, prefix_of
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset
from core.datasets.drawing import draw_dataset
from core.datasets.synthetic.handwriting import balanced_labels
from core.errors import BundleError, DatasetError, RunError
from core.language import N_, gettext
from core.messages import Progress
from core.runs.store.run_store import RunStore, home

if TYPE_CHECKING:
    from core.inference.generator import Generator

TRAIN_SIZE = 20_000
TEST_SIZE = 2_000
STEP = 1_000  # images between two reports of progress

# title and summary
_TEXTS = (
    N_("Drawn images ({model})"),
    N_(
        "Images drawn by the generator {model}; no download needed. Accuracy on them says little about real "
        "images, because the test images are drawn too."
    ),
)
_DIGIT_TEXTS = (
    N_("Drawn digits ({model})"),
    N_(
        "Digits drawn by the generator {model}; no download needed. Accuracy on them says little about real "
        "digits, because the test images are drawn too."
    ),
)


def bundle_of(model: str) -> Path:
    """Return the folder of the shipped bundle, or of the run's bundle, that has a name.

    Raises:
        RunError: when there is neither.
    """
    return PRETRAINED / model if model in pretrained_names() else RunStore(home()).open(model).bundle


@dataclass(frozen=True)
class Drawn(DataSource):
    """Any number of images by a seed, from each generator that can be told which class to draw."""

    prefixes: ClassVar[Sequence[str]] = (prefix_of(DRAWN),)
    find_bundle: Callable[[str], Path] = bundle_of  # from the part of the name after the colon

    def names(self) -> list[str]:
        """Return the names of the data sets that the shipped generators draw, without runs'."""
        names = []
        for name in pretrained_names():
            with suppress(BundleError):
                if read_card(PRETRAINED / name).is_conditional:
                    names.append(f"{DRAWN}{name}")
        return names

    def describe(self, name: str) -> DatasetInfo:
        """Return the description of the images that a generator draws.

        Raises:
            DatasetError: when there is no such generator, or it cannot be told which class to draw.
        """
        card, model = self._card(name), name.removeprefix(DRAWN)
        drawer = self._title(card, model)
        title, summary = _DIGIT_TEXTS if card.subject == "digit" else _TEXTS
        return DatasetInfo(
            name=name,
            title=gettext(title, model=drawer),
            summary=gettext(summary, model=drawer),
            classes=card.classes,
            shape=card.shape,
            subject=card.subject,
            preprocessing_kind=card.preprocessing.kind,
            train_size=TRAIN_SIZE,
            test_size=TEST_SIZE,
            source=gettext(
                "drawn by the generator {model} of Deep Image Lab, which learnt from {dataset}",
                model=drawer,
                dataset=card.dataset,
            ),
            licence=card.licence or "MIT",
            download_bytes=0,
            designs=tuple(card.source.split("; ")) if card.licence else (),
        )

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Draw the images.

        Raises:
            DatasetError: see ``describe``.
            BundleError: when LiteRT cannot run the generator.
        """
        from core.inference.generator import Generator  # noqa: PLC0415 (LiteRT is needed only to draw)

        info = self.describe(name)
        generator = Generator(open_bundle(self.find_bundle(name.removeprefix(DRAWN))))
        return draw_dataset(info, partial(_draw, generator), train_size, seed, report)

    def _title(self, card: Card, model: str) -> str:
        """Return the title on the generator's card, with the run that trained it if it is not shipped."""
        title = gettext(card.title)
        return title if model in pretrained_names() else gettext("{title}, run {run}", title=title, run=model)

    def _card(self, name: str) -> Card:
        model = name.removeprefix(DRAWN)
        try:
            card = read_card(self.find_bundle(model))
        except (BundleError, RunError) as error:
            raise DatasetError("datasets.no_generator", model=model[:64], error=error) from error
        if not card.is_conditional:
            raise DatasetError("datasets.no_class", model=model)
        return card


def _draw(
    generator: Generator, count: int, seed: int, report: Callable[[float], None]
) -> tuple[np.ndarray, np.ndarray]:
    labels = balanced_labels(count, seed, len(generator.card.classes))
    latent, images = generator.latent(count, seed), []
    for i in range(0, count, STEP):
        images.append(generator.draw(labels[i : i + STEP], latent[i : i + STEP]))
        report(min(1.0, (i + STEP) / count))
    return np.concatenate(images), labels


SOURCE = Drawn()
