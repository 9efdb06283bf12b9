from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from core.gan_games.rules import realness
from pages.parts.components.point_plane import LAYERS
from tests.pages.components.conftest import Browser, Mounted

REAL = np.array([[0.12345, -1.0], [1e9, np.inf]])
FRAME = {
    "turns": {"discriminator": 3, "generator": 2},
    "fake": np.array([[0.5, -0.25]]),
    "arrows": np.array([[0.123456789, 0.0]]),
    "grid": np.arange(18.0).reshape(3, 3, 2) / 10,
    "field": np.array([[-2.0, 0.0], [1.0, 3.0]]),
}


@pytest.fixture
def plane(mounted: Mounted) -> Any:
    return mounted("point_plane").plane


def test_points_are_sent_short_and_within_reach(plane: Any, browser: Browser) -> None:
    plane(FRAME, REAL, "minimax", key="plane", alt="A game")

    sent = browser.data
    assert sent["real"] == [[0.123, -1.0], [10.0, 10.0]]
    assert sent["fake"] == [[0.5, -0.25]]
    assert sent["arrows"] == [[0.12346, 0.0]]
    assert (len(sent["grid"]), sent["lines"]) == (9, 3)
    assert (browser.sent[-1]["key"], sent["alt"]) == ("plane", "A game")


def test_the_field_is_sent_as_a_byte_for_each_cell(plane: Any, browser: Browser) -> None:
    plane(FRAME, REAL, "least-squares", key="plane", alt="")

    field = browser.data["field"]
    cells = np.frombuffer(base64.b64decode(field["cells"]), np.uint8)
    assert field["side"] == 2
    np.testing.assert_array_equal(cells, np.round(255 * realness("least-squares", FRAME["field"])).ravel())


@pytest.mark.parametrize(("chosen", "shown"), [(LAYERS, set(LAYERS)), (["field"], {"field"}), ([], set())])
def test_only_the_chosen_layers_are_shown(
    plane: Any, browser: Browser, chosen: list[str], shown: set[str]
) -> None:
    plane(FRAME, REAL, "minimax", key="plane", alt="", layers=chosen)

    assert {name for name, drawn in browser.data["show"].items() if drawn} == shown


def test_each_turn_is_a_frame_of_its_own_so_that_the_browser_moves_the_points(
    plane: Any, browser: Browser
) -> None:
    for turns in (3, 3, 4):
        frame = {**FRAME, "turns": {"discriminator": turns, "generator": 2}}
        plane(frame, REAL, "minimax", key="plane", alt="", milliseconds=200)

    frames = [sent["data"][0]["frame"] for sent in browser.sent]
    assert frames[0] == frames[1] != frames[2]
    assert browser.data["milliseconds"] == 200
