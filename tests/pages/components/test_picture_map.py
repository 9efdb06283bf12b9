from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from core.class_sets.picture_sheet import PictureSheet
from tests.pages.components.conftest import Browser, Mounted


@pytest.fixture
def chosen(mounted: Mounted, browser: Browser, session: dict[str, Any]) -> Any:
    """Return a function that draws a map of two pictures, and returns which an answer chooses."""
    module = mounted("picture_map")

    def answered(answer: Any) -> list[int]:
        calls: list[int] = []
        module.picture_map(
            [module.MappedPicture(-1.0, 0.12345, 0, "a.jpg"), module.MappedPicture(1.0, 0.0, 1, "b.jpg")],
            PictureSheet("data:image/jpeg;base64,", 2, 24),
            ["cat", "<b>"],
            key="map",
            alt="map",
            chosen=1,
            on_choose=calls.append,
        )
        session["map"] = SimpleNamespace(chosen=answer)
        browser.sent[-1]["on_chosen_change"]()
        return calls

    return answered


def test_a_picture_that_is_clicked_is_chosen(chosen: Any, browser: Browser) -> None:
    assert chosen({"picture": 1, "at": 5}) == [1]
    assert browser.data["points"] == [[-1.0, 0.123], [1.0, 0.0]]
    assert browser.data["chosen"] == 1


@pytest.mark.parametrize(
    "answer", [None, 1, {}, {"picture": "1"}, {"picture": 2}, {"picture": -1}, {"picture": True}], ids=str
)
def test_what_no_map_sends_chooses_nothing(chosen: Any, answer: Any) -> None:
    assert chosen(answer) == []
