from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from core.contract.config import AUGMENTATIONS
from core.datasets.synthetic.handwriting import render
from core.lab.training import augmentation
from core.lab.training.augmentation import (
    COLOURS,
    augment,
    blur,
    change_colours,
    cut_out,
    mirror,
    reduced,
    stroke_width,
    warp,
)

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.random((5, 9, 7, 2)).astype(np.float32)
SEED = tf.constant([3, 8])


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return render(np.arange(40) % 10, 1)[..., None].astype(np.float32) / 255


def pixels(images: np.ndarray) -> np.ndarray:
    """Return the grid that takes every pixel from its own position."""
    count, height, width, _ = images.shape
    grid = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1)
    return np.broadcast_to(grid.astype(np.float32), (count, height, width, 2)).copy()


def bilinear(image: np.ndarray, row: float, column: float) -> np.ndarray:
    """Interpolate the image between its pixels, black beyond its edge, as one explicit sum."""
    value = np.zeros(image.shape[2])
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            value += max(0, 1 - abs(row - i)) * max(0, 1 - abs(column - j)) * image[i, j]
    return value


def test_no_augmentation_changes_nothing(digits):
    assert augment(digits, "none", SEED) is digits


@pytest.mark.parametrize("kind", list(AUGMENTATIONS))
def test_an_augmented_image_keeps_its_shape_and_stays_between_black_and_white(digits, kind):
    changed = np.asarray(augment(tf.constant(digits), kind, SEED))
    assert changed.shape == digits.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6


def test_about_half_of_the_images_are_mirrored():
    images = RANDOM.random((200, 6, 6, 1)).astype(np.float32)
    mirrored = np.asarray(mirror(tf.constant(images), SEED))
    same = (mirrored == images).all(axis=(1, 2, 3))
    assert (mirrored[~same] == images[~same, :, ::-1]).all()
    assert 70 < same.sum() < 130


def test_cutting_out_covers_a_square_of_an_image_with_its_mean():
    images = RANDOM.random((50, 16, 16, 3)).astype(np.float32)
    cut = np.asarray(cut_out(tf.constant(images), SEED))
    covered = (cut != images).all(axis=-1)
    assert (covered.sum(axis=(1, 2)) <= 25).all(), "a square of 4×4 pixels, or 5×5 between pixels"
    assert np.median(covered.sum(axis=(1, 2))) >= 16
    means = np.broadcast_to(images.mean(axis=(1, 2), keepdims=True), images.shape)
    assert cut[covered] == pytest.approx(means[covered], abs=1e-5)


def test_mirroring_shifts_by_whole_pixels_and_so_adds_no_level(digits):
    changed = np.asarray(augment(tf.constant(digits), "mirror", SEED))
    assert np.isin(np.round(changed, 5), np.round(digits, 5)).all()
    assert not np.array_equal(changed, digits)


def test_a_shifted_image_is_reflected_where_nothing_was():
    images = 1 + RANDOM.random((40, 6, 6, 3)).astype(np.float32)
    changed = np.asarray(augment(tf.constant(images), "mirror", SEED))
    possible = [
        np.pad(side, ((2, 2), (2, 2), (0, 0)), "reflect")[row : row + 6, column : column + 6]
        for side in (images[0], images[0][:, ::-1])
        for row in range(5)
        for column in range(5)
    ]
    assert any(np.allclose(changed[0], one, atol=1e-5) for one in possible)


def test_changed_colours_keep_an_image_of_one_colour_even_and_shift_its_mean_a_little():
    images = np.full((60, 4, 4, 3), [0.3, 0.5, 0.7], np.float32)
    changed = np.asarray(change_colours(tf.constant(images), SEED))
    assert np.ptp(changed, axis=(1, 2)).max() < 1e-6
    shifts = changed.mean(axis=(1, 2, 3)) - 0.5
    assert np.abs(shifts).max() <= COLOURS / 2 + 1e-6
    assert np.std(shifts) > COLOURS / 10
    spreads = np.ptp(changed[:, 0, 0], axis=-1) / 0.4
    assert (1 - COLOURS) ** 2 <= spreads.min() < 1 < spreads.max() <= (1 + COLOURS) ** 2


def test_reduced_images_have_three_quarters_of_their_side_and_their_mean():
    images = RANDOM.random((3, 32, 32, 3)).astype(np.float32)
    small = np.asarray(reduced(tf.constant(images)))
    assert small.shape == (3, 24, 24, 3)
    assert small.mean(axis=(1, 2, 3)) == pytest.approx(images.mean(axis=(1, 2, 3)), abs=0.01)


@pytest.mark.parametrize("kind", ["mirror", "affine", "photo"])
def test_the_same_seed_gives_the_same_images_and_another_seed_different_ones(digits, kind):
    first, again, other = (
        augment(tf.constant(digits), kind, tf.constant(s)) for s in ([3, 8], [3, 8], [3, 9])
    )
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, atol=0.1)


@pytest.mark.parametrize("kind", ["affine", "photo"])
def test_each_image_of_a_batch_is_changed_differently(digits, kind):
    alike = np.repeat(digits[:1], 8, axis=0)
    changed = np.asarray(augment(tf.constant(alike), kind, SEED))
    assert len(np.unique(changed.reshape(8, -1), axis=0)) == 8


@pytest.mark.parametrize("kind", ["affine", "photo"])
def test_a_digit_stays_a_digit(digits, kind):
    changed = np.asarray(augment(tf.constant(digits), kind, SEED))
    ink = changed.sum(axis=(1, 2, 3)) / digits.sum(axis=(1, 2, 3))
    assert 0.4 < ink.min() < ink.max() < 2.5


def test_black_stays_black_under_an_affine_map():
    black = tf.zeros((4, 28, 28, 1))
    assert np.array_equal(augment(black, "affine", SEED), black)


@pytest.mark.parametrize("kind", ["affine", "photo"])
def test_colour_images_can_be_augmented(kind):
    images = tf.constant(RANDOM.random((3, 32, 32, 3)).astype(np.float32))
    assert augment(images, kind, SEED).shape == (3, 32, 32, 3)


def test_the_identity_grid_changes_nothing():
    assert np.array_equal(warp(NOISE, pixels(NOISE)), NOISE)


def test_a_shifted_grid_shifts_and_fills_with_black():
    moved = np.asarray(warp(NOISE, pixels(NOISE) + np.float32([2, -1])))
    expected = np.zeros_like(NOISE)
    expected[:, :-2, 1:] = NOISE[:, 2:, :-1]
    assert np.allclose(moved, expected, atol=2e-3)  # the clipped edge lets a thousandth through


def test_the_warp_is_bilinear_between_pixels():
    grid = pixels(NOISE) + RANDOM.uniform(-1.5, 1.5, (5, 9, 7, 2)).astype(np.float32)
    found = np.asarray(warp(NOISE, grid))
    for n, row, column in [(0, 0, 0), (1, 4, 3), (2, 8, 6), (3, 2, 5), (4, 7, 1), (4, 0, 6)]:
        expected = bilinear(NOISE[n], *grid[n, row, column])
        assert np.allclose(found[n, row, column], expected, atol=2e-3)


@pytest.mark.parametrize(("amount", "extreme"), [(1.0, np.max), (-1.0, np.min)])
def test_a_stroke_grows_to_the_brightest_neighbour_and_shrinks_to_the_darkest(amount, extreme):
    found = np.asarray(stroke_width(NOISE, np.full((5, 1, 1, 1), amount, np.float32)))
    for n, row, column in [(0, 1, 1), (1, 0, 0), (2, 8, 6), (3, 4, 0)]:
        around = NOISE[n, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert np.allclose(found[n, row, column], extreme(around, axis=(0, 1)))


def test_a_stroke_change_of_zero_changes_nothing():
    assert np.array_equal(stroke_width(NOISE, np.zeros((5, 1, 1, 1), np.float32)), NOISE)


def test_a_full_blur_is_the_mean_of_the_neighbours():
    found = np.asarray(blur(NOISE, np.ones((5, 1, 1, 1), np.float32)))
    assert np.allclose(found[0, 4, 3], NOISE[0, 3:6, 2:5].mean(axis=(0, 1)), atol=1e-6)


def test_about_the_stated_share_of_images_is_changed():
    strength = np.asarray(augmentation.fault_strengths(tf.zeros((4000, 1, 1, 1)), SEED, 0.5, 1.0)).ravel()
    assert np.mean(strength > 0) == pytest.approx(augmentation.FAULTY, abs=0.03)
    assert strength[strength > 0].min() >= 0.5
