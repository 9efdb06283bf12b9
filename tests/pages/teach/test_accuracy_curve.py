from __future__ import annotations

from typing import Any

import pytest

from core.class_sets.class_set_store import own_class_sets
from core.class_sets.ways_to_learn import Way
from pages.parts.teach import accuracy_curve
from tests.class_sets.conftest import picture
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts
from tests.pages.teach.test_ways_to_learn import set_id

__all__ = ["set_id"]


class FakeProcess:
    """An experiment that knows all accuracies in advance."""

    name, options, alive = "learning_ways", {}, True

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def ask(self, method: str) -> dict[str, Any]:
        return {"sizes": [1, 2], "draws": 1}

    def begin(self, method: str, **arguments: Any) -> None:
        self.asked.append(arguments)

    def answered(self, seconds: float) -> bool:
        return True

    def finish(self) -> dict[str, Any]:
        return {"accuracy": 0.25 * len(self.asked) % 1, "tested": 4}


@pytest.fixture
def process(monkeypatch) -> FakeProcess:
    found = FakeProcess()
    monkeypatch.setattr(accuracy_curve.experiment, "running", lambda *args, **options: found)
    return found


def test_each_way_is_measured_with_each_number_of_pictures_and_drawn(
    open_page: OpenPage, set_id: str, process: FakeProcess
) -> None:
    at = open_page("teach", set=set_id)
    for _ in range(6):
        at.run()
        assert not at.exception
    assert [(one["way"], one["pictures"]) for one in process.asked] == [
        (str(way), size) for size in (1, 2) for way in Way
    ]
    drawn = charts(at)["accuracy curve chart"]["data"]
    assert [len(line["x"]) for line in drawn] == [2, 2, 2]
    assert "stop measuring" not in {button.key for button in at.button}


def test_measuring_stops_when_asked_and_a_changed_set_begins_afresh(
    open_page: OpenPage, set_id: str, process: FakeProcess
) -> None:
    at = open_page("teach", set=set_id)
    at.button(key="stop measuring").click().run()
    count = len(process.asked)
    at.run()
    assert len(process.asked) == count
    assert "accuracy curve chart" in charts(at)
    own_class_sets().add(set_id, [("red", "", picture("red", 9))])
    at.run()
    assert len(process.asked) == count + 1
