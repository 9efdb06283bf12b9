"""Draw the data set ``rendered``: digits in handwriting, with Pillow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.contract.dataset_info import DIGITS, DatasetInfo
from core.contract.preprocessing import GLYPH
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset
from core.datasets.drawing import draw_dataset
from core.datasets.synthetic import handwriting
from core.errors import DatasetError
from core.language import gettext
from core.messages import Progress

NAME = "rendered"


class Rendered(DataSource):
    """Handwriting in many styles, of any number of digits."""

    prefixes = (NAME,)

    def names(self) -> list[str]:
        """Return the one name."""
        return [NAME]

    def describe(self, name: str) -> DatasetInfo:
        """Return the description of the rendered digits."""
        if name != NAME:
            raise DatasetError("datasets.unknown", name=name[:100], names=NAME)
        return DatasetInfo(
            name=NAME,
            title=gettext("Rendered digits"),
            summary=gettext("Digits drawn by this app in several handwriting styles; no download needed."),
            classes=DIGITS,
            shape=(handwriting.SIDE, handwriting.SIDE, 1),
            subject="digit",
            preprocessing_kind=GLYPH,
            train_size=20_000,  # drawn in 3 s; twice as many teach a CNN no more, half as many less
            test_size=2_000,
            source=gettext("drawn by Deep Image Lab with Pillow"),
            licence="MIT",
            download_bytes=0,
        )

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Draw the digits."""
        return draw_dataset(self.describe(name), _draw, train_size, seed, report)


def _draw(count: int, seed: int, report: Callable[[float], None]) -> tuple[np.ndarray, np.ndarray]:
    labels = handwriting.balanced_labels(count, seed)
    return handwriting.render(labels, seed, report)[..., None], labels


SOURCE = Rendered()
