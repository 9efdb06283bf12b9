from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.pages.components.conftest import Browser, Mounted

Calls = list[tuple[str, int]]


@pytest.fixture
def answered(mounted: Mounted, browser: Browser, session: dict[str, Any]) -> Any:
    """Return a function that draws two boxes and a mark, and returns what the browser's answers call."""
    module = mounted("picture_boxes")

    def called(chosen: Any, brought: Any) -> Calls:
        calls: Calls = []
        box = module.GlyphBox((1, 2, 3, 4), "7", "1", "read", "Glyph 1: 7")
        module.picture_boxes(
            module.BoxedPicture("data:image/jpeg;base64,", (30, 20), [box, box], [box]),
            key="boxes",
            alt="A picture",
            chosen=1,
            on_choose=lambda glyph: calls.append(("glyph", glyph)),
            on_bring_back=lambda mark: calls.append(("mark", mark)),
        )
        session["boxes"] = SimpleNamespace(chosen=chosen, brought=brought)
        browser.sent[-1]["on_chosen_change"]()
        browser.sent[-1]["on_brought_change"]()
        return calls

    return called


def test_a_box_chooses_its_glyph_and_a_mark_is_brought_back(answered: Any, browser: Browser) -> None:
    assert answered({"glyph": 1, "at": 5}, {"mark": 0, "at": 6}) == [("glyph", 1), ("mark", 0)]
    assert browser.data["size"] == (30, 20)
    assert browser.data["boxes"][0]["edges"] == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("chosen", "brought"),
    [(None, None), (1, "0"), ({"glyph": 2}, {"mark": 1}), ({"glyph": -1}, {"mark": True}), ({}, [])],
)
def test_what_no_picture_sends_chooses_nothing(answered: Any, chosen: Any, brought: Any) -> None:
    assert answered(chosen, brought) == []
