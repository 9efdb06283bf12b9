from __future__ import annotations

import numpy as np
import pytest

from core.inference.fidelity import (
    frechet_distance,
    nearest_images,
    parzen_log_likelihood,
    recall_and_coverage,
)


def _cloud(
    count: int, *, centre: float = 0.0, spread: float = 1.0, seed: int = 0, size: int = 3
) -> np.ndarray:
    return centre + spread * np.random.default_rng(seed).standard_normal((count, size))


def test_a_set_has_no_frechet_distance_to_itself():
    cloud = _cloud(500)
    assert frechet_distance(cloud, cloud) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_shifted_sets_is_the_squared_shift():
    cloud = _cloud(500)
    assert frechet_distance(cloud, cloud + np.array([3.0, 4.0, 0.0])) == pytest.approx(25)


def test_frechet_distance_of_scaled_sets_is_that_of_their_standard_deviations():
    cloud = _cloud(2000)
    cloud -= cloud.mean(axis=0)
    variance = np.trace(np.cov(cloud, rowvar=False))
    assert frechet_distance(cloud, 3 * cloud) == pytest.approx(4 * variance)


def test_frechet_distance_accepts_features_that_never_vary():
    cloud = np.hstack([_cloud(100), np.zeros((100, 2))])
    assert frechet_distance(cloud, cloud + 1) == pytest.approx(5)


def test_equal_sets_have_full_recall_and_coverage():
    cloud = _cloud(300)
    result = recall_and_coverage(cloud, cloud.copy())
    assert (result.recall, result.coverage) == (1.0, 1.0)


def test_half_the_variety_gives_half_the_recall_and_coverage():
    real = np.concatenate([_cloud(200), _cloud(200, centre=100)])
    result = recall_and_coverage(real, _cloud(200, seed=1))
    assert result.recall < 0.52
    assert 0.4 < result.coverage <= 0.5


def test_one_repeated_image_has_almost_no_coverage():
    real = _cloud(300)
    result = recall_and_coverage(real, np.repeat(real[:1], 300, axis=0))
    assert result.recall <= 0.01
    assert result.coverage < 0.05


def test_the_nearest_image_is_found_with_its_distance():
    pool = np.zeros((3, 2, 2, 1), np.uint8)
    pool[1], pool[2] = 100, 200
    index, distance = nearest_images(np.full((1, 2, 2, 1), 103, np.uint8), pool)
    assert index.tolist() == [1]
    assert distance == pytest.approx([6.0])


def test_parzen_likelihood_is_that_of_the_gaussian_it_is_given():
    """Use one centre, whose density is known: the best of ten widths is the spread of the points, 0.1."""
    points = 0.1 * np.random.default_rng(0).standard_normal((4000, 5))
    mean, error = parzen_log_likelihood(np.zeros((1, 5)), points[:2000], points[2000:])
    expected = -5 * np.log(0.1 * np.sqrt(2 * np.pi * np.e))
    assert mean == pytest.approx(expected, abs=4 * error)
    assert 0 < error < 0.1
