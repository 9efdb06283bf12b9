"""Data sets that are on this machine, as real images to set beside drawn ones. Nothing is downloaded here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.bundles.bundle import Card
from core.contract.dataset_info import DRAWN, OWN, DatasetInfo, prefix_of
from core.datasets import registry as datasets
from core.datasets.dataset import Dataset
from core.errors import LabError
from core.inference.fidelity import nearest_images
from core.language import gettext
from pages.parts.shared import own_class_sets
from pages.parts.shared.process_cache import kept_in_process

RENDERED = "rendered"  # digits drawn by this app, which are no handwriting
DRAWN_PREFIX = prefix_of(DRAWN)


def local_dataset(name: str) -> Dataset | None:
    """Return a data set with its training images, shared by all visitors; None where it is not here.

    Data sets that a generator draws are left out: drawing all of one takes half a minute.
    """
    if not _may_be_shown(name) or prefix_of(name) == DRAWN_PREFIX:
        return None
    with st.spinner(gettext("Reading the data set")):
        return _read(name)


def test_images(card: Card) -> Dataset | None:
    """Return test images of what a generator draws, shared by all visitors; None where there are none here.

    They are of the generator's data set or, where this is not on the machine, of one with the same classes
    and smaller images.
    """
    names = [card.dataset, *(info.name for info in datasets.offered() if _stands_in(info, card))]
    for name in names:
        if _may_be_shown(name):
            with st.spinner(gettext("Reading the data set")):
                data = _read_tests(name)
            if data is not None and card.shape[0] % data.info.shape[0] == 0:
                return data
    return None


def _stands_in(info: DatasetInfo, card: Card) -> bool:
    same = (info.subject, info.classes, info.shape[2]) == (card.subject, card.classes, card.shape[2])
    return (
        same and info.download_bytes == 0 and prefix_of(info.name) != DRAWN_PREFIX and info.name != RENDERED
    )


def _may_be_shown(name: str) -> bool:
    """Return whether the visitor may see the images: those of a class set only if it is the visitor's."""
    if prefix_of(name) != OWN:
        return True
    return name.partition(":")[2] in {one.id for one in own_class_sets.own()}


def nearest_training_image(image: np.ndarray, name: str) -> tuple[int, float]:
    """Return the index of the training image nearest to an image, and its Euclidean distance in grey levels.

    The data set must be on this machine, and its images of the same shape.
    """
    with st.spinner(gettext("Searching the training images")):
        return _nearest(image.tobytes(), name)


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
    found = []
    for start in range(0, len(data.x_train), 5000):  # a part at a time: as floats all would take 190 MB
        index, distance = nearest_images(asked, data.x_train[start : start + 5000])
        found.append((float(distance[0]), start + int(index[0])))
    return min(found)[1], min(found)[0]
