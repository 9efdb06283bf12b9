from __future__ import annotations

import numpy as np
import pytest

from core.latent.interpolation import latent_at, slerp, there_and_back

SIZE = 64


def point(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(SIZE).astype(np.float32)


def test_a_path_begins_and_ends_at_its_points() -> None:
    path = slerp(point(1), point(2), np.linspace(0, 1, 9))
    assert path.dtype == np.float32
    np.testing.assert_allclose(path[[0, -1]], [point(1), point(2)], atol=1e-5)


def test_the_length_changes_evenly_along_a_path() -> None:
    lengths = np.linalg.norm(slerp(point(1), 2 * point(2), np.linspace(0, 1, 9)), axis=1)
    np.testing.assert_allclose(np.diff(lengths, n=2), 0, atol=1e-4)


def test_the_direction_turns_evenly_along_a_path() -> None:
    path = slerp(point(1), point(2), np.linspace(0, 1, 9))
    path /= np.linalg.norm(path, axis=1, keepdims=True)
    turns = (path[1:] * path[:-1]).sum(axis=1)
    np.testing.assert_allclose(turns, turns[0], atol=1e-5)


@pytest.mark.parametrize("second", [point(1), -point(1), np.zeros(SIZE, np.float32)])
def test_there_is_a_path_to_an_equal_an_opposite_and_a_zero_point(second: np.ndarray) -> None:
    path = slerp(point(1), second, np.linspace(0, 1, 5))
    assert np.isfinite(path).all()
    np.testing.assert_allclose(path[[0, -1]], [point(1), second], atol=1e-4)


def test_the_length_is_kept_between_opposite_points() -> None:
    np.testing.assert_allclose(
        np.linalg.norm(slerp(point(1), -point(1), np.linspace(0, 1, 5)), axis=1),
        np.linalg.norm(point(1)),
        rtol=1e-5,
    )


@pytest.mark.parametrize("place", [(0.5, 0.5), (-3.25, 7.9), (1e6 + 0.5, -1.0)])
def test_points_of_the_map_have_the_length_of_random_points(place: tuple[float, float]) -> None:
    assert 0.6 * SIZE**0.5 < np.linalg.norm(latent_at(*place, SIZE)) < 1.4 * SIZE**0.5


def test_the_map_is_smooth_across_its_corners() -> None:
    step = 1e-6
    np.testing.assert_allclose(latent_at(2 - step, 5, SIZE), latent_at(2 + step, 5, SIZE), atol=1e-4)


def test_places_of_the_map_have_different_and_fixed_points() -> None:
    places = [(x, y) for x in (-2, -1, 0, 1, 2) for y in (-1, 0, 1)]
    points = np.stack([latent_at(*place, SIZE) for place in places])
    assert len(np.unique(points, axis=0)) == len(places)
    np.testing.assert_array_equal(points, [latent_at(*place, SIZE) for place in places])


def test_a_film_there_and_back_begins_where_it_ends_and_is_slow_at_both_ends() -> None:
    shares = there_and_back(60)
    assert (shares[0], shares[30]) == (0, 1)
    np.testing.assert_allclose(shares[1:], shares[:0:-1])  # the same way back
    steps = np.abs(np.diff(shares, append=shares[0]))
    assert max(steps[[0, 29, 30, 59]]) < 0.1 * steps.max()
