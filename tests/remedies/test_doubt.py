from __future__ import annotations

import numpy as np
import pytest

from core.contract.evaluation import expected_calibration_error
from core.remedies.doubt import accuracy_over_coverage, refused_share, reliability

PROBABILITIES = np.array([[0.95, 0.05], [0.92, 0.08], [0.65, 0.35], [0.4, 0.6]])
LABELS = np.array([0, 1, 0, 1])


def test_the_reliability_diagram_has_the_mean_probability_and_accuracy_of_each_bin() -> None:
    found = reliability(PROBABILITIES, LABELS)

    np.testing.assert_array_equal(found.count, [2, 2])  # from 0.6 and from 0.9
    np.testing.assert_allclose(found.probability, [0.625, 0.935])
    np.testing.assert_allclose(found.accuracy, [1.0, 0.5])


def test_the_gaps_of_the_diagram_make_the_calibration_error() -> None:
    draws = np.random.default_rng(0)
    probabilities = draws.dirichlet(np.ones(4), 500)
    labels = draws.integers(0, 4, 500)

    found = reliability(probabilities, labels, bins=15)

    gaps = found.count / 500 * np.abs(found.accuracy - found.probability)
    assert gaps.sum() == pytest.approx(expected_calibration_error(probabilities, labels))


def test_accuracy_is_that_of_the_most_probable_answers() -> None:
    found = accuracy_over_coverage(PROBABILITIES, LABELS, np.array([0.25, 0.5, 0.75, 1.0]))

    np.testing.assert_allclose(found, [1.0, 1 / 2, 2 / 3, 3 / 4])


def test_foreign_images_below_the_threshold_are_refused() -> None:
    foreign = np.array([[0.5, 0.5], [0.99, 0.01], [0.3, 0.7]])

    assert refused_share(PROBABILITIES, foreign, accepted=0.5) == pytest.approx(2 / 3)
