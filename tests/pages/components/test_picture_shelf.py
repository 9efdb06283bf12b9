from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.pages.components.conftest import Browser, Mounted


@pytest.fixture
def acted(mounted: Mounted, browser: Browser, session: dict[str, Any]) -> Any:
    """Return a function that draws a shelf of pictures a and b, and returns what an answer makes of it."""
    module = mounted("picture_shelf")
    calls: list[Any] = []

    def answered(answer: Any) -> list[Any]:
        calls.clear()
        module.shelf(
            [module.ShelfPicture("a", "data:a", "a.jpg"), module.ShelfPicture("b", "data:b", "b.jpg", "odd")],
            key="shelf",
            others={1: "cup", 2: "<b>"},
            on_remove=calls.append,
            on_move=lambda ids, to: calls.append((ids, to)),
        )
        session["shelf"] = SimpleNamespace(act=answer)
        browser.sent[-1]["on_act_change"]()
        return calls

    return answered


def test_selected_pictures_are_removed_or_moved(acted: Any) -> None:
    assert acted({"pictures": ["b", "a", "a"], "to": None}) == [["b", "a"]]
    assert acted({"pictures": ["a"], "to": 2}) == [(["a"], 2)]


@pytest.mark.parametrize(
    "answer",
    [None, "a", {}, {"pictures": "a"}, {"pictures": []}, {"pictures": ["x", 7]}, {"pictures": ["a"], "to": 0},
     {"pictures": ["a"], "to": "cup"}, {"pictures": ["a"], "to": True}],
    ids=str,
)  # fmt: skip
def test_what_no_shelf_sends_changes_nothing(acted: Any, answer: Any) -> None:
    assert acted(answer) == []


def test_the_browser_is_told_why_a_picture_is_pointed_out(acted: Any, browser: Browser) -> None:
    acted(None)

    assert [one["mark"] for one in browser.data["pictures"]] == ["", "odd"]
    assert all(browser.data["texts"].values())
