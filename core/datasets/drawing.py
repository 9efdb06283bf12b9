"""Make a data set of images that this app draws itself, by a seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.contract.dataset_info import DatasetInfo
from core.datasets.dataset import Dataset
from core.errors import DatasetError
from core.messages import Progress, message

# Returns so many images (N×H×W×C) and their labels (N), both uint8, for a seed; hears the share done.
Draw = Callable[[int, int, Callable[[float], None]], tuple[np.ndarray, np.ndarray]]

TEST_SEED = 2**31  # one more than a configuration may ask for: test images are never training images

_KEPT: dict[tuple[str, int, int], tuple[np.ndarray, np.ndarray]] = {}  # by name, number and seed


def draw_dataset(
    info: DatasetInfo, draw: Draw, train_size: int | None, seed: int, report: Progress
) -> Dataset:
    """Return a data set drawn by ``seed``; its test images are the same for every seed, so results compare.

    Raises:
        DatasetError: when less than one training image is asked for.
    """
    train_size = info.train_size if train_size is None else train_size
    if train_size < 1:
        raise DatasetError("datasets.too_few", size=train_size)
    total = train_size + info.test_size
    told = message("datasets.drawing", total=total)

    def images(count: int, seed: int, done: int) -> tuple[np.ndarray, np.ndarray]:
        if (kept := _KEPT.get((info.name, count, seed))) is not None:
            return kept
        return draw(count, seed, lambda share: report(told, (done + share * count) / total))

    train = images(train_size, seed, 0)
    return Dataset(info, *train, *images(info.test_size, TEST_SEED, train_size))


def keep(data: Dataset, seed: int) -> None:
    """Keep a drawn data set in memory, for the next ``draw_dataset`` of this process with the same seed."""
    _KEPT[data.info.name, len(data.x_train), seed] = data.x_train, data.y_train
    _KEPT[data.info.name, len(data.x_test), TEST_SEED] = data.x_test, data.y_test
