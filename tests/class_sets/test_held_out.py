from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.held_out import KEPT, PARTS, hold_out, learning_curve, parts, teach
from core.errors import ClassSetError
from tests.class_sets.conftest import clouds


def test_each_picture_of_a_small_class_is_left_out_by_itself():
    labels = np.array([0] * 4 + [1] * 30 + [2])
    part = parts(labels, 3)
    assert sorted(part[:4]) == [0, 1, 2, 3]
    assert set(np.bincount(part[4:34])) == {30 // PARTS}
    assert part[34] == -1, "a class of one picture is learnt but not measured"


def test_held_out_answers_are_not_those_of_a_head_that_saw_the_picture():
    x = np.random.default_rng(0).normal(0, 1, (40, 200)).astype(np.float16)
    y = np.arange(40) % 2  # there is nothing to learn
    assert hold_out(x, y, 2).evaluation.accuracy < 0.75
    assert np.mean(teach(x, y, 2).head.logits(x).argmax(axis=1) == y) == 1


def test_a_taught_head_is_measured_calibrated_and_knows_what_is_unlike_its_classes():
    x, y = clouds(4, 25)
    taught = teach(x, y, 4)
    assert taught.held_out.evaluation.accuracy > 0.95
    assert taught.probabilities(x).sum(axis=1) == pytest.approx(1, abs=1e-5)
    others = np.random.default_rng(5).normal(0, 1, (100, x.shape[1]))
    assert taught.is_none_of_these(others).mean() > 0.9
    assert taught.is_none_of_these(clouds(4, 25, seed=3)[0]).mean() < 2 * (1 - KEPT) + 0.1


def test_the_curve_rises_over_the_sizes_that_leave_pictures_to_measure():
    curve = learning_curve(*clouds(4, 11), 4)
    assert [point.pictures for point in curve] == [1, 2, 5, 10]
    assert curve[0].mean < curve[-1].mean
    assert all(point.lowest <= point.mean <= point.highest for point in curve)


def test_classes_of_one_picture_each_cannot_be_measured():
    with pytest.raises(ClassSetError) as refused:
        teach(*clouds(20, 1), 20)
    assert refused.value.message.key == "class_sets.few_pictures"
