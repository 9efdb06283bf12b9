from __future__ import annotations

import base64
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.images.encode import arrays, data_url, from_data_url, gif, png, webp, zipped
from core.images.grid import grid

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)


def test_a_zip_holds_every_image_exactly():
    with zipfile.ZipFile(io.BytesIO(zipped(IMAGES, ["a", "b", "c"]))) as archive:
        assert archive.namelist() == ["a.png", "b.png", "c.png"]
        for name, image in zip(archive.namelist(), IMAGES, strict=True):
            assert np.array_equal(np.asarray(Image.open(archive.open(name))), image[..., 0])


def test_an_npz_holds_the_arrays_by_name():
    with np.load(io.BytesIO(arrays(images=IMAGES, labels=np.arange(3))), allow_pickle=False) as file:
        assert np.array_equal(file["images"], IMAGES)
        assert file["labels"].tolist() == [0, 1, 2]


def test_a_webp_holds_every_image_without_loss():
    with Image.open(io.BytesIO(webp(IMAGES))) as film:
        assert (film.format, film.n_frames, film.size) == ("WEBP", 3, (28, 28))
        for i, image in enumerate(IMAGES):
            film.seek(i)
            assert np.array_equal(np.asarray(film.convert("L")), image[..., 0])


def test_a_png_holds_the_image_exactly() -> None:
    sheet = grid(IMAGES)
    with Image.open(io.BytesIO(png(sheet))) as read:
        assert read.format == "PNG"
        assert read.tobytes() == sheet.tobytes()


def test_an_animation_has_every_frame_and_repeats() -> None:
    images = np.arange(6 * 25, dtype=np.uint8).reshape(6, 5, 5)
    with Image.open(io.BytesIO(gif(images, scale=2, milliseconds=40))) as read:
        assert (read.format, read.n_frames, read.size) == ("GIF", 6, (10, 10))
        assert read.info["loop"] == 0
        read.seek(5)
        assert np.asarray(read.convert("L"))[0, 0] == images[5, 0, 0]


def test_an_animation_in_colour_has_the_colours_of_its_frames() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (10, 3), np.uint8)
    found = []
    with Image.open(io.BytesIO(gif(np.broadcast_to(colours[:, None, None], (10, 8, 8, 3)), scale=2))) as read:
        for number in range(read.n_frames):
            read.seek(number)
            found.append(np.asarray(read.convert("RGB"))[0, 0])
    np.testing.assert_array_equal(found, colours)


@pytest.mark.parametrize("shape", [(5, 4), (5, 4, 1), (5, 4, 3), (5, 4, 4)])
def test_a_data_url_holds_the_image_exactly(shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    kind, _, content = data_url(image).partition(";base64,")
    assert kind == "data:image/png"
    with Image.open(io.BytesIO(base64.b64decode(content))) as read:
        assert np.array_equal(np.asarray(read).reshape(shape), image)


def test_a_data_url_of_a_photograph_is_a_jpeg() -> None:
    kind, _, content = data_url(Image.new("RGB", (8, 6), "teal"), jpeg=True).partition(";base64,")
    assert kind == "data:image/jpeg"
    with Image.open(io.BytesIO(base64.b64decode(content))) as read:
        assert (read.format, read.size) == ("JPEG", (8, 6))


def test_a_data_url_is_read_back_and_anything_else_is_refused() -> None:
    url = data_url(np.zeros((5, 4), np.uint8))
    content = from_data_url(url, "data:image/png;base64,", len(url))
    assert content is not None
    assert content.startswith(b"\x89PNG")
    for wrong in (
        None,
        7,
        "",
        "data:image/png;base64,%",
        "data:image/png;base64,é",
        url.replace("png", "jpeg"),
    ):
        assert from_data_url(wrong, "data:image/png;base64,", len(url)) is None
    assert from_data_url("data:image/png,no base64", "data:", len(url)) is None
    assert from_data_url(url, "data:", len(url) - 1) is None
