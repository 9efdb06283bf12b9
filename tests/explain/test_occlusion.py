from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import Bundle
from core.explain.occlusion import PATCH, occlusion
from core.inference.classifier import Classifier


class _Spot(Classifier):
    """A network whose probability of class 3 is the brightness of the pixel at row 10, column 20."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        result = np.zeros((len(images), 10))
        result[:, 3] = images[:, 10, 20] / 255
        return result


def test_only_patches_over_the_pixel_that_matters_cost_probability(cnn_bundle: Bundle) -> None:
    pixels = np.full((28, 28), 255, np.uint8)
    losses = occlusion(_Spot(cnn_bundle), pixels, 3)
    assert losses[10, 20] == pytest.approx(1.0)
    rows, columns = np.nonzero(losses)
    assert np.abs(rows - 10).max() < PATCH
    assert np.abs(columns - 20).max() < PATCH


def test_a_blank_image_loses_nothing_when_it_is_covered(cnn_bundle: Bundle) -> None:
    assert not occlusion(_Spot(cnn_bundle), np.zeros((28, 28), np.uint8), 3).any()


def test_covering_the_ink_costs_a_real_network_more_than_covering_the_corner(
    cnn_bundle: Bundle, digit: np.ndarray
) -> None:
    losses = occlusion(Classifier(cnn_bundle), digit, 3)
    assert losses.shape == digit.shape
    assert losses[:3, :3] == pytest.approx(0, abs=1e-6)
    assert np.abs(losses).max() > 0


def test_a_photograph_is_covered_in_grey_by_larger_patches_and_the_progress_reported(
    cnn_bundle: Bundle,
) -> None:
    pixels = np.full((224, 224, 3), 255, np.uint8)
    told: list[float | None] = []
    losses = occlusion(_ColourSpot(cnn_bundle), pixels, 3, lambda _, share: told.append(share))
    assert losses[100, 60] == pytest.approx(128 / 255)
    assert losses[100, 60 + 224 // 4] == 0
    assert told == sorted(told)
    assert told[-1] == 1


class _ColourSpot(Classifier):
    """A network whose probability of class 3 is the brightness of the green pixel at row 100, column 60."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        result = np.zeros((len(images), 10))
        result[:, 3] = images[:, 100, 60, 1] / 255
        return result
