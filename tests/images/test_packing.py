from __future__ import annotations

import io
import zipfile

import numpy as np
from PIL import Image

from core.images.grid import webp
from core.images.packing import arrays, zipped

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)


def test_a_zip_holds_every_image_exactly():
    with zipfile.ZipFile(io.BytesIO(zipped(IMAGES, ["a", "b", "c"]))) as archive:
        assert archive.namelist() == ["a.png", "b.png", "c.png"]
        for name, image in zip(archive.namelist(), IMAGES, strict=True):
            assert np.array_equal(np.asarray(Image.open(archive.open(name))), image[..., 0])


def test_an_npz_gives_its_arrays_back():
    with np.load(io.BytesIO(arrays(images=IMAGES, labels=np.arange(3))), allow_pickle=False) as file:
        assert np.array_equal(file["images"], IMAGES)
        assert file["labels"].tolist() == [0, 1, 2]


def test_a_webp_moves_through_every_image_without_loss():
    with Image.open(io.BytesIO(webp(IMAGES))) as film:
        assert (film.format, film.n_frames, film.size) == ("WEBP", 3, (28, 28))
        for i, image in enumerate(IMAGES):
            film.seek(i)
            assert np.array_equal(np.asarray(film.convert("L")), image[..., 0])
