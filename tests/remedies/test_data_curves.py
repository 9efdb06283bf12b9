from __future__ import annotations

from pathlib import Path

from core.remedies.data_curves import REMEDIES, DataCurves, DataPoint
from core.remedies.shipped_files import read_measurement, write_measurement

EMPTY = DataCurves(dataset="mnist", architecture="tutorial", steps=10, batch_size=4)


def point(remedy: str, pictures: int, seed: int, accuracy: float = 0.5) -> DataPoint:
    return DataPoint(remedy=remedy, pictures=pictures, seed=seed, accuracy=accuracy)


def test_a_stopped_measurement_lacks_what_was_not_trained(tmp_path: Path) -> None:
    curves = EMPTY.with_point(point("nothing", 20, 1))
    write_measurement(curves, tmp_path / "curves.json")

    again = read_measurement(DataCurves, tmp_path / "curves.json")

    assert again == curves
    missing = list(again.missing((20, 100), (1,)))
    assert len(missing) == 2 * len(REMEDIES) - 1
    assert ("nothing", 20, 1) not in missing


def test_accuracies_are_ordered_by_remedy_and_pictures() -> None:
    curves = EMPTY.with_point(point("photo", 20, 1, 0.8)).with_point(point("nothing", 20, 1, 0.6))
    curves = curves.with_point(point("photo", 20, 2, 0.9))

    assert curves.by_remedy() == {"nothing": {20: [0.6]}, "photo": {20: [0.8, 0.9]}}
    assert list(curves.by_remedy()) == ["nothing", "photo"]
