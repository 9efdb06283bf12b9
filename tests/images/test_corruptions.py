from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.synthetic.handwriting import render
from core.images.corruptions import (
    CORRUPTIONS,
    Corruption,
    Strengths,
    add_noise,
    blur,
    brighten,
    corrupt,
    corrupted,
    corruptions_for,
    move,
    occlude,
    reduce_contrast,
)

GLYPHS = render(np.array([3, 7]), seed=43).astype(np.float32) / 255  # 2×28×28
strengths = st.builds(Strengths, **{c.name: st.floats(c.low, c.high) for c in CORRUPTIONS})
seeds = st.none() | st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=60)
@given(strengths, seeds, st.integers(0, 3), st.integers(4, 40), st.integers(4, 40))
def test_shape_type_and_range_are_kept(
    strengths: Strengths, seed: int | None, count: int, height: int, width: int
) -> None:
    shape = (count, height, width)[0 if count else 1 :]  # no stack where the count is zero
    images = np.random.default_rng(1).random(shape, np.float32)
    before = images.copy()
    result = corrupt(images, strengths, seed)
    assert result.shape == shape
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    np.testing.assert_array_equal(images, before)  # the original is not changed


@settings(deadline=None, max_examples=30)
@given(strengths, seeds)
def test_the_same_strengths_and_seed_give_the_same_image(strengths: Strengths, seed: int | None) -> None:
    np.testing.assert_array_equal(corrupt(GLYPHS, strengths, seed), corrupt(GLYPHS, strengths, seed))


@settings(deadline=None, max_examples=30)
@given(strengths, seeds)
def test_the_first_image_of_a_stack_is_the_same_as_alone(strengths: Strengths, seed: int | None) -> None:
    together = corrupt(GLYPHS, strengths, seed)[0]
    np.testing.assert_array_equal(together, corrupt(GLYPHS[0], strengths, seed))


@given(seeds)
def test_strength_zero_returns_the_image(seed: int | None) -> None:
    np.testing.assert_array_equal(corrupt(GLYPHS, Strengths(), seed), GLYPHS)


@given(st.integers(0, 255))
def test_strength_zero_keeps_every_byte(value: int) -> None:
    pixels = np.full((28, 28), value, np.uint8)
    np.testing.assert_array_equal(corrupted(pixels, Strengths()), pixels)


def test_an_empty_stack_stays_empty() -> None:
    assert corrupt(GLYPHS[:0], Strengths(rotation=20, blur=1, noise=9)).shape == (0, 28, 28)


def test_sliders_and_strengths_have_the_same_names() -> None:
    assert sorted(c.name for c in CORRUPTIONS) == sorted(field.name for field in fields(Strengths))


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.name)
def test_both_ends_of_every_corruption_change_a_glyph(corruption: Corruption) -> None:
    for strength in {corruption.low, corruption.high} - {0}:
        changed = corrupt(GLYPHS[0], replace(Strengths(), **{corruption.name: strength}))
        assert np.abs(changed - GLYPHS[0]).max() > 0.2


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.name)
def test_a_sweep_goes_from_end_to_end_through_zero(corruption: Corruption) -> None:
    swept = corruption.sweep()
    assert len(swept) == 41
    assert (swept[0], swept[-1]) == (corruption.low, corruption.high)
    assert 0.0 in swept
    assert (np.diff(swept) > 0).all()


def test_a_clockwise_quarter_turn_equals_rot90_of_numpy() -> None:
    np.testing.assert_allclose(move(GLYPHS[0], 90), np.rot90(GLYPHS[0], -1), atol=1e-3)


def test_a_shift_of_whole_pixels_moves_the_image_over_black() -> None:
    moved = move(GLYPHS[0], right=3, down=-2)
    expected = np.zeros((28, 28), np.float32)
    expected[:-2, 3:] = GLYPHS[0][2:, :-3]
    np.testing.assert_allclose(moved, expected, atol=1e-3)


def test_twice_the_size_has_four_times_the_ink() -> None:
    dot = np.zeros((28, 28), np.float32)
    dot[11:17, 11:17] = 1
    assert move(dot, percent=100).sum() == pytest.approx(4 * dot.sum(), rel=0.02)


def test_a_blurred_point_spreads_by_sigma() -> None:
    point = np.zeros((29, 29), np.float32)
    point[14, 14] = 1
    spread = blur(point, 2.0)
    rows = np.arange(29) - 14
    assert spread.sum() == pytest.approx(1, rel=1e-3)
    assert (spread.sum(axis=1) * rows**2).sum() == pytest.approx(4.0, rel=0.02)  # the variance


def test_the_square_lies_at_the_centre_or_where_the_seed_puts_it() -> None:
    white = np.ones((28, 28), np.float32)
    rows, columns = np.nonzero(occlude(white, 8) == 0)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 17, 10, 17)
    drawn = occlude(white, 8, seed=4)
    assert (drawn == 0).sum() == 64
    assert (drawn != occlude(white, 8, seed=5)).any()


def test_without_contrast_each_image_is_its_mean() -> None:
    grey = reduce_contrast(GLYPHS, 100)
    np.testing.assert_allclose(grey, GLYPHS.mean(axis=(1, 2))[:, None, None] + 0 * grey, rtol=1e-5)


def test_brightness_adds_and_stops_at_white() -> None:
    assert brighten(GLYPHS, 30).min() == pytest.approx(0.3)
    assert brighten(GLYPHS, 30).max() == 1
    assert brighten(GLYPHS, -90).max() == pytest.approx(0.1)


def test_noise_has_the_given_standard_deviation() -> None:
    grey = np.full((200, 200), 0.5, np.float32)
    assert add_noise(grey, 10).std() == pytest.approx(0.1, rel=0.03)


def test_all_channels_of_a_colour_image_are_covered() -> None:
    colours = np.full((32, 32, 3), 200, np.uint8)
    covered = corrupted(colours, Strengths(occlusion=10))
    assert covered.shape == colours.shape
    assert (covered == 0).sum() == 300


def test_lengths_grow_with_the_image_and_other_strengths_stay() -> None:
    assert corruptions_for(28) == CORRUPTIONS
    for small, large in zip(CORRUPTIONS, corruptions_for(224), strict=True):
        assert large.high == small.high * (8 if small.unit == "px" else 1)
        assert large.step >= small.step
