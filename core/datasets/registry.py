"""Find data sets by name: the prefix of a name says which module of ``core.datasets.sources`` has it.

A new source is one new module in that package; nothing else changes.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from core.contract.dataset_info import OFFLINE_DEFAULT, DatasetInfo, prefix_of
from core.datasets import sources
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset
from core.errors import DatasetError
from core.language import join
from core.messages import Progress


def names() -> list[str]:
    """Return the names of the data sets that are offered to every visitor; see ``offered``."""
    return [info.name for info in offered()]


def offered() -> list[DatasetInfo]:
    """Return the descriptions of these data sets: the offline default first, the largest downloads last."""
    infos = [source.describe(name) for source in _sources() for name in source.names()]
    return sorted(infos, key=lambda info: (info.name != OFFLINE_DEFAULT, info.download_bytes))


def describe(name: str) -> DatasetInfo:
    """Return the description of a data set.

    Raises:
        DatasetError: when there is none of that name; the message lists those that are offered.
    """
    return _source_of(name).describe(name)


def is_known(name: str) -> bool:
    """Return whether a source has data sets of that kind; ``describe`` may still find none of the name.

    This takes microseconds, unlike the error, which lists all data sets.
    """
    return any(prefix_of(name) in source.prefixes for source in _sources())


def load(
    name: str, *, train_size: int | None = None, seed: int = 0, progress: Progress | None = None
) -> Dataset:
    """Return a data set with ``train_size`` training images (None: the usual number), by a seed.

    Never imports TensorFlow into this process. A smaller draw of the same seed is the beginning of a larger
    one. The test images are always the same.

    Raises:
        DatasetError: when the name is unknown, a file is damaged, the download fails, or there are fewer
            training images.
    """
    return _source_of(name).load(name, train_size, seed, progress or (lambda told, share: None))


def needs_download(name: str) -> bool:
    """Return whether ``load`` would have to download the data set.

    Raises:
        DatasetError: when the name is unknown.
    """
    return _source_of(name).needs_download(name)


def is_within_reach(name: str) -> bool:
    """Return whether the data set is here or its server answers; this may take two seconds.

    Raises:
        DatasetError: when the name is unknown.
    """
    return _source_of(name).is_within_reach(name)


def _source_of(name: str) -> DataSource:
    for source in _sources():
        if prefix_of(name) in source.prefixes:
            return source
    raise DatasetError("datasets.unknown", name=name[:100], names=join(names()))


def _sources() -> list[DataSource]:
    """Return the sources in the package; each module is imported once, when it is found first."""
    return _sources_in(tuple(sources.__path__))


@cache
def _sources_in(folders: tuple[str, ...]) -> list[DataSource]:
    found = sorted(module.name for module in pkgutil.iter_modules(folders))
    return [import_module(f"{sources.__name__}.{name}").SOURCE for name in found]
