from __future__ import annotations

import numpy as np

from core.bundles.bundle import Bundle
from core.explain.robustness import ProbabilityCurve, probability_curves, sweep_strength
from core.images.corruptions import CORRUPTIONS, Strengths, corrupted
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict


def test_the_sweep_passes_through_the_strengths_that_are_set(digit: np.ndarray) -> None:
    rotation = CORRUPTIONS[0]
    set_now = Strengths(rotation=float(rotation.sweep()[7]), blur=1.0)
    values, images = sweep_strength(digit, set_now, rotation)
    assert images.shape == (41, *digit.shape)
    np.testing.assert_array_equal(images[7], corrupted(digit, set_now))
    assert values[7] == set_now.rotation


def test_the_ensemble_has_the_mean_of_probabilities_and_of_thresholds(
    cnn_bundle: Bundle, rnn_bundle: Bundle, digit: np.ndarray
) -> None:
    cnn, rnn, both = probability_curves([Classifier(cnn_bundle), Classifier(rnn_bundle)], digit[None])
    np.testing.assert_allclose(both.probabilities, (cnn.probabilities + rnn.probabilities) / 2)
    assert both.refuse_below == np.mean([cnn.refuse_below, rnn.refuse_below])


def test_one_network_alone_has_no_ensemble(cnn_bundle: Bundle, digit: np.ndarray) -> None:
    assert len(probability_curves([Classifier(cnn_bundle)], digit[None])) == 1


def test_changes_are_the_places_where_another_class_becomes_likeliest() -> None:
    curve = ProbabilityCurve("x", "cnn", 0.9, np.array([[0.95, 0.05], [0.6, 0.4], [0.3, 0.7], [0.5, 0.5]]))
    assert list(curve.changes()) == [2, 3]
    verdicts = [curve.answer(i).verdict for i in range(4)]
    assert verdicts == [Verdict.READ, Verdict.UNSURE, Verdict.UNSURE, Verdict.UNKNOWN]


def test_a_large_image_is_swept_in_fewer_steps() -> None:
    values, images = sweep_strength(np.zeros((70, 70, 3), np.uint8), Strengths(), CORRUPTIONS[5])
    assert 10 <= len(values) == len(images) < 20
