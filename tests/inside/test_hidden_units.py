from __future__ import annotations

import numpy as np

from core.inside.hidden_units import active_spans, lasting_units

STATE = np.array([[0.5, 0.1, 0.9], [0.4, 0.9, 0.9], [0.31, 0.9, 0.2]])  # three steps of three units


def test_units_above_a_threshold_are_listed_strongest_first() -> None:
    assert lasting_units(STATE, 0, 1, 0.3) == [2, 0]
    assert lasting_units(STATE, 0, 2, 0.3) == [0]
    assert lasting_units(STATE, 1, 1, 0.95) == []


def test_spans_above_a_threshold_are_returned_with_first_and_last_step() -> None:
    assert active_spans(np.array([0.4, 0.5, 0.1, 0.3, 0.31, 0.9]), 0.3) == [(0, 1), (4, 5)]
    assert active_spans(np.zeros(4), 0.3) == []
