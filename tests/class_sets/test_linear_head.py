from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.linear_head import TurnedFeatures, fit
from core.contract.evaluation import softmax
from tests.class_sets.conftest import clouds


@pytest.mark.parametrize("each", [4, 60])  # fewer pictures than features, and more
def test_the_head_is_where_the_penalised_loss_has_its_minimum(each: int):
    x, y = clouds(3, each)
    head = fit(x, y, 3, penalty=1.0)
    centred = x.astype(np.float64) - x.astype(np.float64).mean(axis=0)
    scale = np.sqrt(np.mean(np.sum(centred**2, axis=1)))
    error = softmax(head.logits(x).astype(np.float64)) - np.eye(3)[y]
    slope = (centred / scale).T @ error + head.weights * scale
    assert np.abs(slope).max() < 0.003 * len(x)
    assert np.abs(error.sum(axis=0)).max() < 0.003 * len(x)


def test_clouds_that_lie_apart_are_told_apart():
    head = fit(*clouds(5, 20), 5)
    x, y = clouds(5, 20, seed=1)
    assert np.mean(head.logits(x).argmax(axis=1) == y) > 0.95


def test_equal_pictures_in_all_classes_give_equal_probabilities():
    head = fit(np.ones((4, 8), np.float16), np.array([0, 0, 1, 1]), 2)
    assert softmax(head.logits(np.ones((1, 8)))) == pytest.approx(0.5)


def test_a_head_that_learns_from_a_part_is_the_same_in_the_coordinates_of_the_whole():
    x, y = clouds(3, 12)
    out = np.arange(len(x)) % 6 == 0
    apart = fit(x[~out], y[~out], 3).logits(x[out])
    found = TurnedFeatures.of(x).logits_of_others(out, y, 3)
    assert np.abs(softmax(found) - softmax(apart)).max() < 0.05
