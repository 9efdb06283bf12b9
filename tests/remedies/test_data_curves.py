from __future__ import annotations

from pathlib import Path

import pytest

from core.remedies.data_curves import (
    PLANS,
    REMEDIES,
    DataCurves,
    DataPoint,
    Plan,
    effects,
    worth_in_real_pictures,
)
from core.remedies.shipped_files import SHIPPED, read_measurement, write_measurement

EMPTY = DataCurves(dataset="mnist", architecture="lenet5", steps=10, batch_size=4, test_images=5)


def curves(*points: tuple[str, int, int, float]) -> DataCurves:
    """Return curves of points: remedy, pictures of each class, seed and accuracy."""
    found = EMPTY
    for remedy, pictures, seed, accuracy in points:
        point = DataPoint(remedy=remedy, pictures=pictures, seed=seed, accuracy=accuracy)
        found = found.with_point(point)
    return found


def test_a_stopped_measurement_lacks_what_was_not_trained(tmp_path: Path) -> None:
    begun = curves(("nothing", 20, 1, 0.5))
    write_measurement(begun, tmp_path / "curves.json")

    again = read_measurement(DataCurves, tmp_path / "curves.json")

    assert again == begun
    missing = list(again.missing(Plan(("nothing", "turn"), (20, 100)), (1,)))
    assert missing == [("turn", 20, 1), ("nothing", 100, 1), ("turn", 100, 1)]


def test_every_planned_remedy_has_a_name() -> None:
    assert {remedy for plan in PLANS.values() for remedy in plan.remedies} == set(REMEDIES)


def test_accuracies_are_ordered_by_remedy_and_pictures() -> None:
    found = curves(("turn", 20, 1, 0.8), ("nothing", 20, 1, 0.6), ("turn", 20, 2, 0.9))

    assert found.by_remedy() == {"nothing": {20: [0.6]}, "turn": {20: [0.8, 0.9]}}
    assert list(found.by_remedy()) == ["nothing", "turn"]
    assert found.means("turn") == {20: pytest.approx(0.85)}


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("data_*.json")), ids=lambda file: file.stem)
def test_in_shipped_curves_every_remedy_learns_more_from_more_pictures(file: Path) -> None:
    found = read_measurement(DataCurves, file)

    for remedy in found.by_remedy():
        means = list(found.means(remedy).values())
        assert means[-1] > means[0], remedy


def test_an_effect_is_clear_if_the_ranges_of_its_seeds_lie_apart() -> None:
    found = curves(
        *[("nothing", 20, seed, accuracy) for seed, accuracy in enumerate((0.6, 0.7))],
        *[("turn", 20, seed, accuracy) for seed, accuracy in enumerate((0.75, 0.8))],
        *[("noise", 20, seed, accuracy) for seed, accuracy in enumerate((0.5, 0.65))],
    )

    turn, noise = effects(found, ("noise", "turn", "scale"), 20, "nothing")

    assert (turn.remedy, turn.is_clear) == ("turn", True)
    assert (noise.remedy, noise.is_clear) == ("noise", False)
    assert turn.before == noise.before == pytest.approx(0.65)
    assert effects(found, ("turn",), 20, "half_labels") == []
    (once,) = effects(curves(("nothing", 20, 1, 0.1), ("turn", 20, 1, 0.9)), ("turn",), 20, "nothing")
    assert not once.is_clear  # one seed says nothing about chance


def test_a_generated_picture_is_worth_as_many_real_ones_as_give_its_accuracy() -> None:
    real = [("nothing", 10, 1, 0.5), ("nothing", 1000, 1, 0.9)]

    found = curves(*real, ("generated_alone", 500, 1, 0.7))
    assert worth_in_real_pictures(found, 500) == pytest.approx(100 / 500)  # half way between 10 and 1,000
    assert worth_in_real_pictures(curves(*real, ("generated_alone", 500, 1, 0.95)), 500) is None
    assert worth_in_real_pictures(curves(*real), 500) is None
