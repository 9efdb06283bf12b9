"""Hold the images and labels of a data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.contract.dataset_info import DatasetInfo
from core.errors import DatasetError


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (N, height, width, channels) and labels (N,), both uint8, split into training and test."""

    info: DatasetInfo
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    def subset(self, train_size: int | None, seed: int) -> Dataset:
        """Return a data set with ``train_size`` of the training images, chosen by ``seed``; None: all.

        A smaller subset of the same seed is the beginning of a larger one. The test images stay the same.

        Raises:
            DatasetError: when there are fewer training images, or none is asked for.
        """
        if train_size is None:
            return self
        check_train_size(self.info.title, len(self.x_train), train_size)
        chosen = np.random.default_rng(seed).permutation(len(self.x_train))[:train_size]
        return Dataset(self.info, self.x_train[chosen], self.y_train[chosen], self.x_test, self.y_test)


def check_train_size(title: str, count: int, train_size: int) -> None:
    """Check that so many of the ``count`` training images of a data set can be chosen.

    Raises:
        DatasetError: when there are fewer training images, or none is asked for.
    """
    if not 1 <= train_size <= count:
        raise DatasetError("datasets.subset_size", title=title, count=count, size=train_size)
