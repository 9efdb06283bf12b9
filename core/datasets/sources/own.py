"""Offer a visitor's class set as the data set ``own:ID``, whole pictures in colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.limits import SUFFIX
from core.class_sets.split import Labelled, split
from core.contract.dataset_info import OWN, DatasetInfo
from core.contract.preprocessing import WHOLE, Preprocessing, standard
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset, check_train_size
from core.errors import ClassSetError, DatasetError
from core.images.whole_picture import whole_picture
from core.language import gettext
from core.messages import Progress, message

SHAPE = (32, 32, 3)


class OwnClasses(DataSource):
    """Class sets in the home folder; a set is found by its id alone, so none is offered by name."""

    prefixes = (OWN,)

    def names(self) -> list[str]:
        """Return no name: sets are private."""
        return []

    def describe(self, name: str) -> DatasetInfo:
        """Return the description of a class set."""
        described = _open(name)
        return _info(name, described, *split(described))

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Read the pictures, 32×32 pixels; which of them are for testing depends on their ids alone."""
        return photographs(name, standard(WHOLE, SHAPE), train_size, seed, report)


def photographs(
    name: str, wanted: Preprocessing, train_size: int | None, seed: int, report: Progress
) -> Dataset:
    """Return the same pictures in the same order as ``registry.load``, in the size of a larger network.

    Raises:
        DatasetError: when the set cannot be used for training.
    """
    described = _open(name)
    whole, tested = split(described)
    parts = _few(described, whole, train_size, seed), tested
    arrays = []
    for number, part in enumerate(parts):
        report(message("datasets.drawing", total=len(part)), number / 2)
        arrays += [_images(described.id, part, wanted), np.array([label for label, _ in part], np.uint8)]
    info = replace(_info(name, described, whole, tested), shape=wanted.shape)
    return Dataset(info, *arrays)


def picture_files(name: str, train_size: int | None, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield the same pictures in the same order, as paths below ``train`` or ``test`` and files.

    The name of a file has the picture's number in this order and, after a hyphen, the number of its class.

    Raises:
        DatasetError: when the set cannot be used for training.
    """
    described = _open(name)
    taught, tested = split(described)
    for part, pictures in (("train", _few(described, taught, train_size, seed)), ("test", tested)):
        for number, (label, picture) in enumerate(pictures):
            with _as_data_set():
                content = own_class_sets().content(described.id, picture.id)
            yield f"{part}/{number:04}-{label}{SUFFIX}", content


def _few(described: ClassSet, taught: Labelled, train_size: int | None, seed: int) -> Labelled:
    """Return ``train_size`` of the training pictures (None: all), about the same share of each class.

    A smaller choice of the same seed is the beginning of a larger one. A picture of each class comes first.

    Raises:
        DatasetError: when there are fewer training pictures, or none is asked for.
    """
    if train_size is None:
        return taught
    check_train_size(described.name, len(taught), train_size)
    shuffled = [taught[k] for k in np.random.default_rng(seed).permutation(len(taught))]
    counts = Counter(label for label, _ in taught)
    seen: Counter[int] = Counter()
    shares = []  # of its class that comes before a picture
    for label, _ in shuffled:
        shares.append(seen[label] / counts[label])
        seen[label] += 1
    order = sorted(range(len(shuffled)), key=shares.__getitem__)
    return [shuffled[k] for k in order[:train_size]]


def _info(name: str, described: ClassSet, taught: Labelled, tested: Labelled) -> DatasetInfo:
    return DatasetInfo(
        name=name,
        title=described.name,
        summary=gettext("Pictures of your own classes, in colour."),
        classes=described.names,
        shape=SHAPE,
        subject=OWN,
        preprocessing_kind=WHOLE,
        train_size=len(taught),
        test_size=len(tested),
        source=gettext("pictures that a visitor brought"),
        licence=gettext("not stated"),
        download_bytes=0,
    )


def _open(name: str) -> ClassSet:
    with _as_data_set():
        described = own_class_sets().open(name.removeprefix(f"{OWN}:"))
        described.check_teachable()
    if all(len(one.pictures) < 2 for one in described.classes):
        raise DatasetError("datasets.own_set", error=message("class_sets.few_pictures"))
    return described


def _images(set_id: str, pictures: Labelled, wanted: Preprocessing) -> np.ndarray:
    store = own_class_sets()
    with _as_data_set():
        return np.stack([whole_picture(store.picture(set_id, picture.id), wanted) for _, picture in pictures])


@contextmanager
def _as_data_set() -> Iterator[None]:
    """Turn an error of a class set into one of a data set."""
    try:
        yield
    except ClassSetError as error:
        raise DatasetError("datasets.own_set", error=error) from error


SOURCE = OwnClasses()
