"""Offer a visitor's class set as the data set ``own:ID``, whole pictures in colour."""

from __future__ import annotations

import numpy as np

from core.class_sets.class_set import ClassSet, TaughtPicture
from core.class_sets.class_set_store import own_class_sets
from core.contract.dataset_info import DatasetInfo
from core.contract.preprocessing import WHOLE, standard
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset
from core.errors import ClassSetError, DatasetError
from core.images.whole_picture import whole_picture
from core.language import gettext
from core.messages import Progress, message

PREFIX = "own"
SHAPE = (32, 32, 3)
TEST_SHARE = 5  # one of so many pictures of a class is a test picture, and at least one of two


class OwnClasses(DataSource):
    """Class sets in the home folder; a set is found by its id alone, so none is offered by name."""

    prefixes = (PREFIX,)

    def names(self) -> list[str]:
        """Return no name: sets are private."""
        return []

    def describe(self, name: str) -> DatasetInfo:
        """Return the description of a class set."""
        described = _open(name)
        return _info(name, described, *_split(described))

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Read the pictures; which of them are for testing depends on their ids alone."""
        described = _open(name)
        parts = _split(described)
        arrays = []
        for number, part in enumerate(parts):
            report(message("datasets.drawing", total=len(part)), number / 2)
            arrays += [_images(described.id, part), np.array([label for label, _ in part], np.uint8)]
        return Dataset(_info(name, described, *parts), *arrays).subset(train_size, seed)


Labelled = list[tuple[int, TaughtPicture]]


def _info(name: str, described: ClassSet, taught: Labelled, tested: Labelled) -> DatasetInfo:
    return DatasetInfo(
        name=name,
        title=described.name,
        summary=gettext("Pictures of your own classes, in colour."),
        classes=described.names,
        shape=SHAPE,
        subject=PREFIX,
        preprocessing_kind=WHOLE,
        train_size=len(taught),
        test_size=len(tested),
        source=gettext("pictures that a visitor brought"),
        licence=gettext("not stated"),
        download_bytes=0,
    )


def _open(name: str) -> ClassSet:
    try:
        described = own_class_sets().open(name.removeprefix(f"{PREFIX}:"))
        described.check_teachable()
    except ClassSetError as error:
        raise DatasetError("datasets.own_set", error=error) from error
    if all(len(one.pictures) < 2 for one in described.classes):
        raise DatasetError("datasets.own_set", error=message("class_sets.few_pictures"))
    return described


def _split(described: ClassSet) -> tuple[Labelled, Labelled]:
    """Return the training and the test pictures of a set, each with its label."""
    taught: Labelled = []
    tested: Labelled = []
    for label, one in enumerate(described.classes):
        pictures = sorted(one.pictures, key=lambda picture: picture.id)  # ids are random
        count = max(1, len(pictures) // TEST_SHARE) if len(pictures) > 1 else 0
        tested += [(label, picture) for picture in pictures[:count]]
        taught += [(label, picture) for picture in pictures[count:]]
    return taught, tested


def _images(set_id: str, pictures: Labelled) -> np.ndarray:
    store, wanted = own_class_sets(), standard(WHOLE, SHAPE)
    try:
        return np.stack([whole_picture(store.picture(set_id, picture.id), wanted) for _, picture in pictures])
    except ClassSetError as error:
        raise DatasetError("datasets.own_set", error=error) from error


SOURCE = OwnClasses()
