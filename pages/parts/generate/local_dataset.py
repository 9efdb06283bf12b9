"""Data sets that are on this machine, as real images to set beside drawn ones. Nothing is downloaded here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.bundles.bundle import Card
from core.contract.dataset_info import DRAWN, OWN, DatasetInfo, prefix_of
from core.datasets import registry as datasets
from core.datasets.dataset import Dataset
from core.errors import LabError
from core.images.reduction import reduced
from core.inference.fidelity import nearest_images
from core.language import gettext
from pages.parts.shared import own_class_sets
from pages.parts.shared.process_cache import kept_in_process

RENDERED = "rendered"
MADE_HERE = {prefix_of(DRAWN), RENDERED}  # data sets that the app draws; a whole one takes half a minute


def training_images(card: Card) -> Dataset | None:
    """Return the training images of a generator, shared by all visitors; None where they are not here.

    Where its data set is not on the machine, they are of one with the same classes and smaller images. Data
    sets that the app draws and visitors' own are left out.
    """
    if prefix_of(card.dataset) in {OWN, *MADE_HERE}:
        return None
    for name in _names(card):
        with st.spinner(gettext("Reading the data set")):
            data = _read(name)
        if data is not None and _fits(data, card):
            return data
    return None


def test_images(card: Card) -> Dataset | None:
    """Return test images of what a generator draws; None where there are none here.

    They are of the generator's data set or, where this is not on the machine, of one with the same classes
    and smaller images. A visitor's own pictures are only for the visitor, and are not kept.
    """
    for name in _names(card):
        with st.spinner(gettext("Reading the data set")):
            data = _own_tests(name) if prefix_of(name) == OWN else _read_tests(name)
        if data is not None and _fits(data, card):
            return data
    return None


def _names(card: Card) -> list[str]:
    """Return the names of the generator's data set, and of those that may stand in for it."""
    return [card.dataset, *(info.name for info in datasets.offered() if _stands_in(info, card))]


def _fits(data: Dataset, card: Card) -> bool:
    """Return whether the generator's images can be reduced to the size of the data set's."""
    return card.shape[0] % data.info.shape[0] == 0


def _stands_in(info: DatasetInfo, card: Card) -> bool:
    same = (info.subject, info.classes, info.shape[2]) == (card.subject, card.classes, card.shape[2])
    return same and not info.is_published and prefix_of(info.name) not in MADE_HERE


def _own_tests(name: str) -> Dataset | None:
    """Return the test images of a class set of this visitor; None for another visitor's."""
    is_own = name.partition(":")[2] in {one.id for one in own_class_sets.own()}
    return _loaded(name, 1) if is_own else None


def nearest_training_image(image: np.ndarray, name: str) -> tuple[int, float]:
    """Return the index of the training image nearest to an image, and its Euclidean distance in levels.

    The data set must be on this machine. An image that is larger than its images is reduced to their size.
    """
    data = _read(name)
    assert data is not None
    with st.spinner(gettext("Searching the training images")):
        return _nearest(reduced(image[None], data.x_train.shape[1]).tobytes(), name)


@kept_in_process(1)
def _read(name: str) -> Dataset | None:
    return _loaded(name, None)


@kept_in_process(2)
def _read_tests(name: str) -> Dataset | None:
    return _loaded(name, 1)


def _loaded(name: str, train_size: int | None) -> Dataset | None:
    try:
        return None if datasets.needs_download(name) else datasets.load(name, train_size=train_size)
    except LabError:
        return None


@st.cache_data(max_entries=64, show_spinner=False)
def _nearest(image: bytes, name: str) -> tuple[int, float]:
    data = _read(name)
    assert data is not None
    asked = np.frombuffer(image, np.uint8).reshape(1, *data.x_train.shape[1:])
    index, distance = nearest_images(asked, data.x_train)
    return int(index[0]), float(distance[0])
