"""Data sets that are on this machine, as real images to set beside drawn ones. Nothing is downloaded here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets import registry as datasets
from core.datasets.dataset import Dataset
from core.errors import LabError
from core.inference.fidelity import nearest_images
from core.language import gettext
from pages.parts.shared.process_cache import kept_in_process


def local_dataset(name: str) -> Dataset | None:
    """Return a data set, shared by all visitors; None where it is not on this machine."""
    with st.spinner(gettext("Reading the data set")):
        return _read(name)


def nearest_training_image(image: np.ndarray, name: str) -> tuple[int, float]:
    """Return the index of the training image nearest to an image, and its Euclidean distance in grey levels.

    The data set must be on this machine, and its images of the same shape.
    """
    with st.spinner(gettext("Searching the training images")):
        return _nearest(image.tobytes(), name)


@kept_in_process(1)
def _read(name: str) -> Dataset | None:
    try:
        if not datasets.describe(name).is_published or datasets.needs_download(name):
            return None
        return datasets.load(name)
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
