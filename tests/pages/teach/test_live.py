from __future__ import annotations

import json

from tests.class_sets.conftest import picture
from tests.pages.looks import charts
from tests.pages.teach.conftest import OpenTeach, filled


def test_a_picture_is_answered_at_once(open_teach: OpenTeach) -> None:
    at = open_teach(filled(3, 3))
    at.file_uploader(key="picture to classify").upload("new.jpg", picture("green", 7))
    at.run()

    assert not at.exception
    bars = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("answer_bars")]
    shown = json.loads(bars[0].proto.json)[0]["bars"]
    assert [bar["name"] for bar in shown if bar["best"]] == ["green"]


def test_the_reasons_for_an_answer_are_shown_when_they_are_asked_for(open_teach: OpenTeach) -> None:
    at = open_teach(filled(3, 3))
    at.file_uploader(key="picture to classify").upload("new.jpg", picture("green", 7))
    at.session_state["why this class"] = True
    at.run()

    assert not at.exception
    assert len([one for one in charts(at) if "live" in one]) == 2
