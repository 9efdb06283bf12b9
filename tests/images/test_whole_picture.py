from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from core.contract.preprocessing import INTERPOLATIONS, WHOLE, Preprocessing, standard
from core.images.whole_picture import framed, whole_picture

GREY, COLOUR = standard(WHOLE, (28, 28, 1)), standard(WHOLE, (32, 32, 3))
SIDES = st.integers(1, 40)


def test_a_colour_network_gets_the_middle_of_the_picture_in_colour() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, 20:60] = (10, 200, 30)
    np.testing.assert_array_equal(
        whole_picture(Image.fromarray(pixels), COLOUR), np.full((32, 32, 3), (10, 200, 30), np.uint8)
    )


def test_a_dark_thing_on_light_paper_becomes_light_on_black() -> None:
    pixels = np.full((56, 56, 3), 250, np.uint8)
    pixels[20:36, 20:36] = 20
    fitted = whole_picture(Image.fromarray(pixels), GREY)
    assert fitted.shape == (28, 28, 1)
    assert fitted[0, 0, 0] == 5
    assert fitted[14, 14, 0] == 235


def test_a_light_thing_on_black_stays() -> None:
    pixels = np.zeros((28, 28, 3), np.uint8)
    pixels[10:18, 10:18] = 200
    np.testing.assert_array_equal(whole_picture(Image.fromarray(pixels), GREY)[..., 0], pixels[..., 0])


@settings(deadline=None)
@given(
    pixels=arrays.arrays(np.uint8, st.tuples(SIDES, SIDES, st.just(3))),
    height=SIDES,
    width=SIDES,
    crop=st.floats(0.05, 1.0),
    interpolation=st.sampled_from(INTERPOLATIONS),
    mean=st.tuples(*[st.floats(0, 255)] * 3),
    scale=st.tuples(*[st.floats(1, 255)] * 3),
)
def test_the_input_equals_what_pillow_and_numpy_compute(
    pixels: np.ndarray,
    height: int,
    width: int,
    crop: float,
    interpolation: str,
    mean: tuple[float, ...],
    scale: tuple[float, ...],
) -> None:
    wanted = Preprocessing(
        kind=WHOLE,
        height=height,
        width=width,
        channels=3,
        crop=crop,
        interpolation=interpolation,
        polarity="as_is",
        mean=mean,
        scale=scale,
    )
    image = Image.fromarray(pixels)
    # The largest box of the wanted proportions in the middle, and of that the wanted share.
    wide, high = crop * image.width, crop * image.height
    wide, high = min(wide, high * width / height), min(high, wide * height / width)
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    resized = image.resize(
        (width, height), Image.Resampling[interpolation.upper()], box=(left, top, left + wide, top + high)
    )
    found = whole_picture(image, wanted)
    if interpolation == "nearest":  # the box's edge may be rounded to either of two pixels
        assert set(map(tuple, found.reshape(-1, 3))) <= set(map(tuple, pixels.reshape(-1, 3)))
        assert found.shape == (height, width, 3)
    else:
        np.testing.assert_allclose(found.astype(int), np.asarray(resized).astype(int), atol=1)
    expected = (found.astype(float) - mean) / scale
    np.testing.assert_allclose(wanted.to_input(found[None])[0], expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("paper", [0, 255])
@pytest.mark.parametrize(("polarity", "margin"), [("light_on_dark", 0), ("dark_on_light", 255)])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_gets_the_polarity_that_the_network_reads(
    paper: int, polarity: str, margin: int, channels: int
) -> None:
    pixels = np.full((20, 20, 3), paper, np.uint8)
    pixels[8:12, 8:12] = 255 - paper
    wanted = Preprocessing(
        kind=WHOLE,
        height=20,
        width=20,
        channels=channels,
        polarity=polarity,
        mean=(0.0,) * channels,
        scale=(255.0,) * channels,
    )
    fitted = whole_picture(Image.fromarray(pixels), wanted)
    assert (fitted[0] == margin).all()
    assert (fitted[10, 10] == 255 - margin).all()


def test_a_tall_thing_on_an_even_background_is_framed_and_not_cut() -> None:
    picture = Image.new("RGB", (200, 600), "white")
    picture.paste("navy", (60, 20, 120, 580))
    square = framed(picture)
    assert square.width == square.height
    shown = np.asarray(square)[..., 0] < 128
    assert shown.sum() == 60 * 560


def test_a_picture_without_one_background_is_not_framed() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8))
    assert framed(noise) is noise
    blank = Image.new("RGB", (40, 60), "white")
    assert framed(blank) is blank
