from __future__ import annotations

import numpy as np
from PIL import Image

from core.images.decode import Picture
from core.images.whole_picture import whole


def picture(pixels: np.ndarray) -> Picture:
    image = Image.fromarray(pixels)
    return Picture(image, image.size, "PNG")


def test_a_colour_network_gets_the_middle_in_colour() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, 20:60] = (10, 200, 30)
    np.testing.assert_array_equal(
        whole(picture(pixels), (32, 32, 3)), np.full((32, 32, 3), (10, 200, 30), np.uint8)
    )


def test_a_dark_thing_on_light_paper_becomes_light_on_black() -> None:
    pixels = np.full((56, 56, 3), 250, np.uint8)
    pixels[20:36, 20:36] = 20
    fitted = whole(picture(pixels), (28, 28, 1))
    assert fitted.shape == (28, 28, 1)
    assert fitted[0, 0, 0] == 5
    assert fitted[14, 14, 0] == 235


def test_a_light_thing_on_black_stays() -> None:
    pixels = np.zeros((28, 28, 3), np.uint8)
    pixels[10:18, 10:18] = 200
    np.testing.assert_array_equal(whole(picture(pixels), (28, 28, 1))[..., 0], pixels[..., 0])
