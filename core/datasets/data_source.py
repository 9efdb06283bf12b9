"""Define a source of data sets; each module of ``core.datasets.sources`` holds one, named ``SOURCE``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from core.contract.dataset_info import DatasetInfo
from core.datasets.dataset import Dataset
from core.errors import DatasetError
from core.language import join
from core.messages import Progress


class DataSource(ABC):
    """One place that data sets come from."""

    prefixes: ClassVar[Sequence[str]]  # what precedes the colon in the names of its data sets, or whole names

    @abstractmethod
    def names(self) -> list[str]:
        """Return the names of the data sets that are offered to every visitor."""

    @abstractmethod
    def describe(self, name: str) -> DatasetInfo:
        """Return the description of a data set, with its source and licence.

        Raises:
            DatasetError: when the source has no data set of that name.
        """

    @abstractmethod
    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Return a data set with ``train_size`` training images (None: the usual number), by a seed.

        A smaller draw of the same seed is the beginning of a larger one. The test images are always the same.

        Raises:
            DatasetError: when the data set cannot be had.
        """

    def needs_download(self, name: str) -> bool:
        """Return whether ``load`` would have to download the data set."""
        return False

    def is_within_reach(self, name: str) -> bool:
        """Return whether the data set is here or its server answers; this may take two seconds."""
        return True


class PublishedSource(DataSource):
    """A source of data sets whose descriptions are constants."""

    infos: ClassVar[Sequence[DatasetInfo]]

    def names(self) -> list[str]:
        """Return the names of all its data sets."""
        return [info.name for info in self.infos]

    def describe(self, name: str) -> DatasetInfo:
        """Return the description of a data set.

        Raises:
            DatasetError: when there is none of that name.
        """
        for info in self.infos:
            if info.name == name:
                return info.translated()
        raise DatasetError("datasets.unknown", name=name[:100], names=join(self.names()))
