from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.activation_maps import class_maps, enlarged
from core.class_sets.held_out import teach
from core.contract.evaluation import softmax
from tests.class_sets.conftest import clouds


def test_places_and_bias_add_up_to_the_probability_that_a_map_explains():
    taught = teach(*clouds(3, 12), 3)
    maps = np.random.default_rng(0).normal(0, 1, (7, 7, 40)).astype(np.float32)
    found = class_maps(taught, maps)
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    ordered = sorted(found, key=lambda one: one.label)
    logits = np.array([one.values.sum() for one in ordered]) + taught.head.bias / taught.temperature
    expected = taught.probabilities(maps.mean(axis=(0, 1))[None])[0]
    assert softmax(logits[None])[0] == pytest.approx(expected, abs=1e-5)
    assert [one.probability for one in ordered] == pytest.approx(expected.tolist())


def test_the_place_that_shows_a_class_speaks_for_it():
    x, y = clouds(3, 12)
    taught = teach(x, y, 3)
    maps = np.zeros((7, 7, 40), np.float32)
    maps[2, 5] = 20 * x[y == 1].astype(np.float32).mean(axis=0)
    best = class_maps(taught, maps)[0]
    assert best.label == 1
    assert np.unravel_index(best.values.argmax(), (7, 7)) == (2, 5)
    large = enlarged(best.values, 224, 112)
    assert large.shape == (224, 112)
    assert 5 / 7 < large.argmax() % 112 / 112 < 6 / 7
