from __future__ import annotations

import numpy as np
import pytest

from core.latent.variation import difference, is_unlike, root_mean_square, vary

POINT = np.random.default_rng(0).standard_normal(64).astype(np.float32)
RANDOM = np.random.default_rng(1).standard_normal((3, 64)).astype(np.float32)


def test_no_variation_gives_the_point_itself() -> None:
    np.testing.assert_allclose(vary(POINT, RANDOM, 0.0), np.tile(POINT, (3, 1)), rtol=1e-6)


def test_full_variation_has_the_directions_of_the_random_points_and_the_length_of_the_point() -> None:
    varied = vary(POINT, RANDOM, 1.0)

    np.testing.assert_allclose(np.linalg.norm(varied, axis=1), np.linalg.norm(POINT), rtol=1e-5)
    np.testing.assert_allclose(
        varied / np.linalg.norm(varied, axis=1, keepdims=True),
        RANDOM / np.linalg.norm(RANDOM, axis=1, keepdims=True),
        atol=1e-6,
    )


def test_differences_do_not_wrap_around() -> None:
    dark, light = np.zeros((2, 2), np.uint8), np.full((2, 2), 200, np.uint8)

    np.testing.assert_array_equal(difference(dark, light), light)
    np.testing.assert_array_equal(difference(light, dark), light)
    assert root_mean_square(dark, light) == pytest.approx(200)


def test_an_image_is_unlike_a_picture_to_which_it_comes_no_closer_than_one_colour() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (8, 8, 3), np.uint8)
    grey = np.full_like(picture, 128)

    assert is_unlike(picture, grey)
    assert not is_unlike(picture, (0.4 * grey + 0.6 * picture).astype(np.uint8))
    assert is_unlike(grey, grey)  # a picture of one colour shows nothing
