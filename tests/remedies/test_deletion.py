from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.remedies.deletion import STEPS, pixel_curves, rank_correlation

IMAGE = np.full((14, 14, 1), 200, np.uint8)


def brightness(images: np.ndarray) -> np.ndarray:
    """Return probabilities of a network that only looks at the upper half."""
    upper = images[:, :7].mean(axis=(1, 2, 3)) / 200
    return np.stack([1 - upper, upper], axis=1)


def test_a_map_that_ranks_the_used_pixels_first_deletes_fast_and_inserts_fast() -> None:
    upper = np.repeat(np.arange(14)[::-1], 14).reshape(14, 14).astype(float)

    good, bad = (pixel_curves(brightness, IMAGE, heat, 1) for heat in (upper, -upper))

    assert good.deletion[0] == good.insertion[-1] == 1
    assert good.deletion[-1] == good.insertion[0] == 0
    np.testing.assert_allclose(good.deletion[: STEPS // 2 + 1], 1 - np.arange(STEPS // 2 + 1) / (STEPS / 2))
    assert good.deletion_area == pytest.approx(0.25)
    assert good.insertion_area == pytest.approx(0.75)
    assert bad.deletion_area == pytest.approx(0.75)


def test_the_correlation_of_maps_is_scipys() -> None:
    draws = np.random.default_rng(1)
    one = draws.integers(0, 5, (6, 6)).astype(float)
    two = one + draws.normal(size=(6, 6))

    assert rank_correlation(one, two) == pytest.approx(spearmanr(one.ravel(), two.ravel()).statistic)
    assert rank_correlation(one, np.zeros((6, 6))) == 0
