from __future__ import annotations

import shutil

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.bundles.early_images import EarlyImages, add_early_images, read_early_images
from core.errors import BundleError
from tests import avatar_bundle


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(avatar_bundle.FOLDER, tmp_path / "avatars")


def test_early_images_come_back_nearly_as_they_were(folder):
    levels = np.array([[40, 200], [90, 140]], np.uint8)  # by step and class
    images = np.broadcast_to(levels[..., None, None, None], (2, 2, 24, 24, 3))

    add_early_images(folder, EarlyImages((20, 500), images))
    found = read_early_images(open_bundle(folder))

    assert found is not None
    assert found.steps == (20, 500)
    assert found.images.shape == images.shape
    assert np.abs(found.images.astype(int) - images).max() <= 8


def test_a_bundle_without_early_images_has_none(folder):
    assert read_early_images(open_bundle(folder)) is None


def test_altered_early_images_are_refused(folder):
    add_early_images(folder, EarlyImages((20,), np.zeros((1, 2, 24, 24, 3), np.uint8)))
    (folder / "early_images.webp").write_bytes(b"another")
    with pytest.raises(BundleError) as refused:
        open_bundle(folder)
    assert refused.value.message.key == "bundles.file_altered"
