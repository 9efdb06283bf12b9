"""Glyphs and steps that are found in a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.datasets.synthetic.handwriting import render
from core.images.components import SPECK
from core.images.decode import Picture
from core.images.digits import MAX_GLYPHS, PREVIEW_SIDE, STRIP, THUMBNAIL_SIDE, brought_back, find_digits
from tests.images import cases


def picture(rgb: np.ndarray, size: tuple[int, int] | None = None) -> Picture:
    return Picture(Image.fromarray(rgb), size or (rgb.shape[1], rgb.shape[0]), "PNG")


@pytest.fixture(scope="module")
def drawing() -> np.ndarray:
    return cases.drawing(render(np.array([3]), 5)[0], np.random.default_rng(1))[..., :3]


def test_a_glyph_is_light_on_black_and_28_by_28(drawing: np.ndarray) -> None:
    (glyph,) = find_digits(picture(drawing)).glyphs
    assert glyph.pixels.shape == (28, 28)
    assert glyph.pixels.dtype == np.uint8
    assert glyph.pixels.max() > 200
    assert (glyph.pixels == 0).mean() > 0.5


def test_both_polarities_give_nearly_the_same_glyph(drawing: np.ndarray) -> None:
    (one,), (other,) = (find_digits(picture(rgb)).glyphs for rgb in (drawing, 255 - drawing))
    assert np.corrcoef(one.pixels.ravel(), other.pixels.ravel())[0, 1] > 0.95


def test_boxes_are_in_pixels_of_the_original_even_if_it_was_reduced(drawing: np.ndarray) -> None:
    height, width = drawing.shape[:2]
    (small,) = find_digits(picture(drawing)).glyphs
    (large,) = find_digits(picture(drawing, (3 * width, 3 * height))).glyphs
    assert large.box == tuple(3 * edge for edge in small.box)


def test_three_steps_show_the_picture_its_ink_and_the_boxes(drawing: np.ndarray) -> None:
    wide = np.concatenate([drawing] * 4, axis=1)
    steps = find_digits(picture(wide)).steps
    assert len({step.title for step in steps}) == len(steps) == 3
    assert all(max(step.image.size) <= PREVIEW_SIDE for step in steps)
    assert not np.array_equal(np.asarray(steps[0].image), np.asarray(steps[2].image))


def test_an_empty_picture_has_steps_but_no_glyph() -> None:
    reading = find_digits(picture(np.full((90, 90, 3), 255, np.uint8)))
    assert reading.glyphs == ()
    assert len(reading.steps) == 3


@pytest.mark.parametrize("depth", [0.2, 0.5, 0.8])
def test_blank_paper_in_shade_has_no_glyph(depth: float) -> None:
    """Shade a blank sheet; the dark end of the shadow was once cut out as a glyph."""
    light = np.tile(np.linspace(255, 255 * (1 - depth), 200)[None, :, None], (200, 1, 3))
    assert find_digits(picture(light.astype(np.uint8))).glyphs == ()


def test_the_number_of_glyphs_is_limited() -> None:
    sheet = np.full((60 * 24, 30 * 24, 3), 255, np.uint8)
    for row in range(60):
        for column in range(24):
            sheet[24 * row + 4 : 24 * row + 20, 30 * column + 12 : 30 * column + 15] = 0
    assert len(find_digits(picture(sheet)).glyphs) == MAX_GLYPHS


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31 - 1))
def test_glyphs_of_any_picture_lie_within_it(height: int, width: int, seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)
    glyphs = find_digits(picture(rgb)).glyphs
    shows_one = max(height, width) <= THUMBNAIL_SIDE and width <= STRIP * height
    assert len(glyphs) <= (1 if shows_one else MAX_GLYPHS)
    for glyph in glyphs:
        left, top, right, bottom = glyph.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_a_mark_that_is_brought_back_is_a_glyph_in_its_place() -> None:
    rgb = np.full((200, 400, 3), 255, np.uint8)
    for left in (60, 140, 300):
        rgb[50:150, left : left + 12] = 0
    rgb[70:100, 220:228] = 0  # too small for a digit
    reading = find_digits(picture(rgb))
    (mark,) = reading.left_out
    assert (mark.kind, len(reading.glyphs)) == (SPECK, 3)
    changed = brought_back(reading, [0])
    assert [glyph.box[0] for glyph in changed.glyphs] == [60, 140, 220, 300]
    assert changed.left_out == ()
    assert brought_back(reading, []).glyphs == reading.glyphs
