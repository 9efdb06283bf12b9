from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.class_sets.class_set_store import own_class_sets
from core.class_sets.taught_set import teach_set
from core.class_sets.ways_to_learn import Result, Way, comparison, configuration
from core.contract.events import Finished
from core.messages import Message
from core.runs import Run
from pages.parts.teach import learnt
from tests.class_sets.conftest import picture
from tests.commands.test_teach import MeanColours
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, links, words


@pytest.fixture
def set_id(store, monkeypatch) -> str:
    """Return the id of a set of two classes of five pictures, whose features are mean colours."""
    backbone: Any = MeanColours(None)
    monkeypatch.setattr(learnt, "kept", lambda described: teach_set(own_class_sets(), described, backbone))
    made = own_class_sets().create("", "Colours")
    own_class_sets().add(
        made.id, [(name, "", picture(name, k)) for name in ("red", "blue") for k in range(5)]
    )
    return made.id


def metrics(at: AppTest) -> list[str]:
    return [metric.value for metric in at.metric][-3:]


def test_a_run_of_each_way_is_started_and_its_result_stands_beside_the_linear_head_s(
    open_page: OpenPage, started: list[Run], set_id: str
) -> None:
    at = open_page("teach", set=set_id)
    assert metrics(at) == ["100%", "–", "–"]
    for way in (Way.FINE_TUNED, Way.SCRATCH):
        at.button(key=f"start {way}").click().run()
        assert not at.exception
    assert [run.config for run in started] == [
        configuration(way, set_id, 8) for way in (Way.FINE_TUNED, Way.SCRATCH)
    ]
    assert "train" in links(at)
    for run, right in zip(started, (2, 0), strict=True):
        run.record.append(Finished(step=1, seconds=1.0, confusion=[[right // 2, 1 - right // 2], [0, 1]]))
        run.write_status(state="finished", message=Message("Finished."))
    at.run()
    assert metrics(at) == ["100%", "100%", "50%"]
    told = comparison({Way.LINEAR: Result(2, 2), Way.FINE_TUNED: Result(2, 2), Way.SCRATCH: Result(1, 2)})
    assert as_shown(told) in words(at)


def test_a_result_from_before_the_set_was_changed_is_not_compared(
    open_page: OpenPage, started: list[Run], set_id: str
) -> None:
    at = open_page("teach", set=set_id)
    at.button(key=f"start {Way.SCRATCH}").click().run()
    started[0].record.append(Finished(step=1, seconds=1.0, confusion=[[1, 0], [0, 0]]))
    started[0].write_status(state="finished", message=Message("Finished."))
    at.run()
    assert metrics(at) == ["100%", "–", "–"]
