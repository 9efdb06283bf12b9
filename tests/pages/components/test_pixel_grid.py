from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.inside.convolution import Box
from pages.parts.components.pixel_grid import Panel
from tests.pages.components.conftest import Browser, Mounted

PICTURE = Panel("picture", "Picture", np.zeros((4, 6), np.uint8), 90, "A picture", cell=(1, 2))
SHEET = Panel("sheet", "Maps", np.zeros((20, 30), np.uint8), 90, "Maps", grid=(2, 3), count=5)


class Page:
    """A page with two panels, and the picks of which it is told."""

    def __init__(self, module: Any, browser: Browser, session: dict[str, Any]) -> None:
        self.module, self.browser, self.session = module, browser, session
        self.picked: list[tuple[str, int, int]] = []

    def run(self, *panels: Panel) -> list[dict[str, Any]]:
        self.module.pixels(panels, key="panels", on_pick=lambda *place: self.picked.append(place))
        return self.browser.data["panels"]

    def press(self, pick: Any) -> None:
        self.session["panels"] = SimpleNamespace(pick=pick)
        self.browser.sent[-1]["on_pick_change"]()


@pytest.fixture
def page(mounted: Mounted, browser: Browser, session: dict[str, Any]) -> Page:
    return Page(mounted("pixel_grid"), browser, session)


def test_each_pixel_is_a_cell_unless_a_panel_says_how_many_there_are(page: Page) -> None:
    picture, sheet = page.run(PICTURE, SHEET)

    assert (picture["rows"], picture["columns"], picture["count"], picture["tiles"]) == (4, 6, 24, False)
    assert (sheet["rows"], sheet["columns"], sheet["count"], sheet["tiles"]) == (2, 3, 5, True)
    assert (picture["ratio"], picture["cell"], sheet["cell"]) == (1.5, [1, 2], None)
    assert picture["image"].startswith("data:image/png;base64,")


def test_an_outline_is_cut_at_the_edge(page: Page) -> None:
    outlined = Panel("one", "", PICTURE.image, 90, "", outlines={"window": Box(-1, 4, 2, 9)})

    (sent,) = page.run(outlined)

    assert sent["boxes"] == [{"kind": "window", "top": 0, "left": 4, "bottom": 2, "right": 6}]


def test_a_pick_calls_the_page_and_its_number_goes_back_to_the_browser(page: Page) -> None:
    page.run(PICTURE, SHEET)
    page.press({"panel": "sheet", "row": 1, "column": 2, "pick": 3})

    assert page.picked == [("sheet", 1, 2)]
    assert [panel["pick"] for panel in page.run(PICTURE, SHEET)] == [None, 3]


def test_a_pick_says_whether_the_screen_is_as_narrow_as_a_phones(page: Page) -> None:
    page.run(PICTURE, SHEET)
    assert not page.module.is_narrow()
    for narrow in (True, "yes", False):  # untrusted: it comes from the browser
        page.press({"panel": "sheet", "row": 1, "column": 2, "pick": 3, "narrow": narrow})
        assert page.module.is_narrow() is (narrow is True)


@pytest.mark.parametrize(
    "pick",
    [
        *(None, "sheet", 7, [], {}),
        {"panel": "another", "row": 0, "column": 0},
        {"panel": ["sheet"], "row": 0, "column": 0},
        {"panel": "sheet", "row": 2, "column": 0},
        {"panel": "sheet", "row": 0, "column": -1},
        {"panel": "sheet", "row": 0.5, "column": 0},
        {"panel": "sheet", "row": True, "column": 0},
        {"panel": "sheet", "row": "0", "column": 0},
        {"panel": "sheet", "row": 0},
    ],
    ids=str,
)
def test_a_pick_that_no_panel_has_is_refused(page: Page, pick: Any) -> None:
    page.run(PICTURE, SHEET)
    page.press(pick)

    assert page.picked == []


def test_a_pick_whose_number_is_invalid_counts_but_nothing_goes_back_to_the_browser(page: Page) -> None:
    page.run(PICTURE)
    page.press({"panel": "picture", "row": 0, "column": 0, "pick": ["x" * 1000]})

    assert page.picked == [("picture", 0, 0)]
    assert page.run(PICTURE)[0]["pick"] is None
