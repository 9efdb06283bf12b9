from __future__ import annotations

import numpy as np

from core.class_sets.held_out import teach
from core.class_sets.lookalikes import near_duplicates, nearest, odd_ones_out
from tests.class_sets.conftest import clouds


def test_the_same_picture_in_two_classes_is_pointed_out_first():
    x, y = clouds(2, 6)
    x[1], x[7] = x[0], x[0] * 1.01
    pairs = near_duplicates(x, y)
    assert {(pair.first, pair.second) for pair in pairs} == {(0, 1), (0, 7), (1, 7)}
    assert [pair.same_class for pair in pairs] == [False, False, True]


def test_a_picture_in_the_wrong_class_is_pointed_out_with_the_class_it_looks_like():
    x, y = clouds(3, 15)
    y[4] = 2
    taught = teach(x, y, 3)
    found = odd_ones_out(taught.held_out, taught.temperature)
    assert [(one.picture, one.looks_like) for one in found] == [(4, 0)]


def test_the_nearest_picture_to_a_picture_is_itself():
    x, _ = clouds(3, 5)
    (first, similarity), *_ = nearest(x, x[7])
    assert first == 7
    assert np.isclose(similarity, 1)
