from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from core.images.encode import data_url
from pages.parts.components.canvas import MAX_CHARACTERS, SIDE
from tests.pages.components.conftest import Browser, Mounted

DRAWING = data_url(np.full((SIDE, SIDE), 255, np.uint8))


def test_a_drawing_becomes_the_bytes_of_its_png(mounted: Mounted, browser: Browser) -> None:
    browser.answer = {"png": DRAWING}

    drawn = mounted("canvas").canvas("board")

    assert drawn == base64.b64decode(DRAWING.partition(",")[2])
    assert browser.sent[-1]["key"] == browser.data["name"] == "board"


def test_the_browser_gets_every_text_that_its_script_uses(mounted: Mounted, browser: Browser) -> None:
    browser.answer = {"png": None}

    assert mounted("canvas").canvas("board") is None

    names = {"area", "pen", "width", "undo", "clear", "strokes", "undone", "cleared"}
    assert browser.data["texts"].keys() == names
    assert all(browser.data["texts"].values())


@pytest.mark.parametrize(
    "answer",
    [
        *("", "x", 7, ["png"], {"png": DRAWING}, b"\x89PNG"),
        DRAWING.replace("image/png", "image/svg+xml"),
        DRAWING[:-1] + "\u00e9",
        "data:image/png;base64," + "A" * MAX_CHARACTERS,
        data_url(np.zeros((SIDE, SIDE + 1), np.uint8)),
        data_url(np.zeros((9999, 1), np.uint8)),
    ],
    ids=lambda answer: str(answer)[:24],
)
def test_an_answer_that_is_no_drawing_of_the_board_is_refused(
    mounted: Mounted, browser: Browser, answer: Any
) -> None:
    browser.answer = {"png": answer}

    assert mounted("canvas").canvas("board") is None
