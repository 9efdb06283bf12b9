from __future__ import annotations

import numpy as np
import tensorflow as tf

from core.lab.training.translation import translated

SEED = tf.constant([3, 5])
IMAGES = np.random.default_rng(0).random((40, 6, 5, 3), np.float32)


def moved(image: np.ndarray, down: int, right: int) -> np.ndarray:
    rows, columns = (np.clip(np.arange(n) + by, 0, n - 1) for n, by in ((6, down), (5, right)))
    return image[rows][:, columns]


def test_each_image_is_moved_by_whole_pixels_and_its_border_repeated():
    found = np.asarray(translated(tf.constant(IMAGES), 2, SEED))
    moves = set()
    for before, after in zip(IMAGES, found, strict=True):
        [move] = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if np.allclose(moved(before, down, right), after, atol=1e-6)
        ]
        moves.add(move)
    assert {down for down, _ in moves} == {right for _, right in moves} == {-2, -1, 0, 1, 2}


def test_the_same_seed_moves_images_alike():
    first, again, other = (translated(tf.constant(IMAGES), 2, seed) for seed in (SEED, SEED, SEED + 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_every_pixel_that_is_still_seen_gets_its_gradient():
    images = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(translated(images, 2, SEED))
    gradient = np.asarray(tape.gradient(total, images))
    assert np.allclose(gradient.sum(axis=(1, 2, 3)), 6 * 5 * 3), "each pixel shown was somewhere before"
