from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from pages.parts.components.camera import MAX_CHARACTERS, MOST_PICTURES
from tests.pages.components.conftest import Browser, Mounted

PICTURE = "data:image/jpeg;base64," + base64.b64encode(b"any bytes").decode()


@pytest.fixture
def camera(mounted: Mounted, browser: Browser) -> Any:
    browser.answer = {"pictures": None, "frame": None}
    return mounted("camera")


def test_the_pictures_of_a_recording_are_returned_as_files(camera: Any, browser: Browser) -> None:
    assert camera.record("camera") == []
    assert all(browser.data["texts"].values())

    browser.answer = {"pictures": [PICTURE, PICTURE]}
    assert camera.record("camera") == [b"any bytes"] * 2


@pytest.mark.parametrize(
    "answer", [7, PICTURE, [None], ["data:image/png;base64,"], [PICTURE + "A" * MAX_CHARACTERS]], ids=repr
)
def test_what_no_camera_sends_is_no_picture(camera: Any, browser: Browser, answer: Any) -> None:
    browser.answer = {"pictures": answer}

    assert camera.record("camera") == []


def test_a_recording_has_a_largest_number_of_pictures(camera: Any, browser: Browser) -> None:
    browser.answer = {"pictures": [PICTURE] * (MOST_PICTURES + 1)}

    assert len(camera.record("camera")) == MOST_PICTURES


def test_a_live_picture_waits_until_it_is_answered(
    camera: Any, browser: Browser, session: dict[str, Any]
) -> None:
    assert camera.waiting("live") is None

    session["live"] = SimpleNamespace(frame={"number": 4, "picture": PICTURE})
    assert camera.waiting("live") == (4, b"any bytes")
    camera.watch("live", 4)
    assert browser.data["answered"] == 4


@pytest.mark.parametrize(
    "frame",
    [None, [], {"number": "1", "picture": PICTURE}, {"number": True, "picture": PICTURE}, {"number": 1}],
    ids=str,
)  # fmt: skip
def test_what_is_no_live_picture_is_left_out(camera: Any, session: dict[str, Any], frame: Any) -> None:
    session["live"] = SimpleNamespace(frame=frame)

    assert camera.waiting("live") is None
