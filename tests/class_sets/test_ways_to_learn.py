from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.class_set import ClassSet, TaughtClass, TaughtPicture
from core.class_sets.features import Features
from core.class_sets.split import split
from core.class_sets.ways_to_learn import (
    RUNS,
    Result,
    Way,
    WayPoint,
    comparison,
    configuration,
    linear_result,
    trend,
)
from tests.class_sets.conftest import clouds


def test_the_interval_is_wilson_s():
    low, high = Result(8, 10).interval
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Result(10, 10).interval[1] == pytest.approx(1.0)


def test_every_run_learns_the_set_and_few_pictures_take_more_epochs():
    for way in RUNS:
        few, many = (configuration(way, "0" * 32, pictures) for pictures in (20, 1_000))
        assert few.dataset == many.dataset == "own:" + "0" * 32
        assert few.epochs > many.epochs
        assert few.batch_size < many.batch_size


def test_the_linear_head_is_measured_on_the_data_set_s_test_pictures():
    values, labels = clouds(3, 10)
    classes = tuple(
        TaughtClass(str(label), tuple(TaughtPicture(f"{label}{k}", "", 1) for k in range(10)))
        for label in range(3)
    )
    described = ClassSet("a", "b", "", classes)
    ids = tuple(picture.id for _, picture in described.pictures)
    assert linear_result(described, Features("f", values, labels, ids)) == Result(6, 6)
    tested = [ids.index(picture.id) for _, picture in split(described)[1]]
    values[tested] = values[np.roll(tested, 2)]  # test pictures that look like another class
    assert linear_result(described, Features("f", values, labels, ids)).right == 0


@pytest.mark.parametrize(
    ("linear", "tuned", "told"),
    [(10, 10, "ways_equal"), (8, 10, "ways_by_chance"), (15, 3, "ways_differ")],
)
def test_results_are_called_different_only_beyond_chance(linear, tuned, told):
    results = {Way.LINEAR: Result(linear, 16), Way.FINE_TUNED: Result(tuned, 16)}
    assert comparison(results).key == f"class_sets.{told}"
    assert str(comparison(results))


def test_one_result_compares_with_nothing():
    assert comparison({Way.LINEAR: Result(3, 4)}) is None


def test_the_trend_names_the_ways_that_lead_with_few_and_with_many_pictures():
    def points(tuned: float) -> list[WayPoint]:
        return [
            WayPoint(Way.LINEAR, 1, (0.4, 0.6)),
            WayPoint(Way.LINEAR, 20, (0.7,)),
            WayPoint(Way.FINE_TUNED, 1, (0.4,)),
            WayPoint(Way.FINE_TUNED, 20, (tuned,)),
            WayPoint(Way.LINEAR, 50, (0.9,)),  # the other way has not come so far
        ]

    assert trend(points(0.8)).key == "class_sets.ways_cross"
    assert trend(points(0.6)).key == "class_sets.way_leads"
    assert "20" in str(trend(points(0.8)))
    assert trend(points(0.8)[:2]) is None
