from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from core.images.cutout import without_background


def _face(right: str = "skyblue") -> Image.Image:
    picture = Image.new("RGB", (128, 128), "skyblue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((64, 0, 127, 127), right)
    draw.ellipse((24, 24, 104, 127), "brown")
    draw.ellipse((50, 60, 70, 80), "skyblue")  # an eye in the colour of the background
    return picture


def test_the_background_is_transparent_and_what_it_encloses_is_not():
    cut = without_background(_face())
    assert cut is not None
    opaque = np.asarray(cut)[..., 3]
    assert opaque[2, 2] == opaque[2, 125] == 0
    assert opaque[70, 60] == opaque[100, 64] == 255
    assert np.array_equal(np.asarray(cut)[..., :3], np.asarray(_face()))


def test_a_background_of_two_colours_or_a_plain_picture_is_left_as_it_is():
    assert without_background(_face(right="navy")) is None
    assert without_background(Image.new("RGB", (64, 64), "navy")) is None


def test_the_grain_of_a_generated_background_leaves_no_specks():
    pixels = np.asarray(_face()).astype(int)
    grain = np.where(np.add.outer(np.arange(128), np.arange(128)) % 8 == 0, 24, 0)[..., None]
    cut = without_background(Image.fromarray(np.clip(pixels - grain, 0, 255).astype(np.uint8)))
    assert cut is not None
    opaque = np.asarray(cut)[..., 3]
    assert not opaque[:18].any()
    assert opaque[100, 64] == 255
