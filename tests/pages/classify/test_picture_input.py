from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
import streamlit as st

from core.language import gettext
from pages.parts.classify import left_out, picture_input
from pages.parts.classify.boxed_picture import GLYPH
from pages.parts.components.canvas import GO_ON, NOT_YET
from tests.images.cases import png_bytes
from tests.pages.classify.visits import boxed_pictures, boxes, readings, run_with_sections, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures
from tests.pictures import photograph


def drawn(*strokes: list[tuple[int, int]]) -> bytes:
    """Return a drawing of the board as PNG: strokes through these points (x, y)."""
    sheet = np.full((280, 280, 3), 255, np.uint8)
    for stroke in strokes:
        cv2.polylines(sheet, [np.array(stroke)], False, (0, 0, 0), 14, cv2.LINE_AA)
    return png_bytes(sheet)


def test_the_session_keeps_only_the_name_of_an_upload(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))

    (kept,) = at.session_state["pictures"]
    assert kept.name == "photo.png"
    assert kept.getvalue() == b""


def test_an_upload_is_on_the_disk_before_the_uploader_copies_it(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def uploader(*arguments: Any, **options: Any) -> Any:
        given = file_uploader(*arguments, **options)
        sizes.extend(len(file.getvalue()) for file in given)
        return given

    file_uploader = st.file_uploader
    monkeypatch.setattr(st, "file_uploader", uploader)

    at = upload(open_page("classify"), ("photo.png", photograph(7)))

    assert sizes == [0]
    assert set(readings(at).values()) == {"7"}


def test_an_upload_and_an_example_do_not_mix(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button(key="try an example").click().run()

    at.button_group(key="source").set_value("upload").run()
    assert not at.metric

    upload(at, ("photo.png", photograph(7)))
    assert set(readings(at).values()) == {"7"}

    at.file_uploader[0].clear().run()
    assert not at.metric


def test_the_prepared_digit_and_the_steps_to_it_are_shown(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(4)))

    run_with_sections(at, "steps")
    assert len(pictures(at)) >= 4  # the prepared digit, and three steps or more


def test_a_picture_with_fewer_digits_may_follow_one_with_more(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    at.button_group(key=GLYPH).set_value(2).run()

    at.file_uploader[0].set_value(("other.png", photograph(4, 2), "image/png")).run()

    assert not at.exception
    assert set(readings(at).values()) == {"42"}


def test_an_empty_board_says_nothing_a_first_stroke_is_encouraged_and_a_digit_is_read(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    board: dict[str, bytes | None] = {"png": None}
    monkeypatch.setattr(picture_input, "canvas", lambda *_, **__: board["png"])
    at = open_page("classify")
    at.button_group(key="source").set_value("draw").run()
    assert not at.error
    assert not at.metric

    board["png"] = drawn([(120, 50), (90, 140), (200, 145)])  # the first stroke of a 4
    at.run()
    assert [info.value for info in at.info] == [gettext(NOT_YET)]
    assert not at.metric

    board["png"] = drawn([(120, 50), (90, 140), (200, 145)], [(170, 90), (165, 240)])
    at.run()
    assert not at.info
    assert set(readings(at).values()) == {"4"}


def test_strokes_that_are_no_digit_are_shown_beside_the_board_once_they_are_asked_for(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = drawn([(80, 80), (200, 80)], [(80, 180), (200, 180)])
    monkeypatch.setattr(picture_input, "canvas", lambda *_, **__: board)
    at = open_page("classify")
    at.button_group(key="source").set_value("draw").run()
    assert [info.value for info in at.info] == [gettext(GO_ON)]
    assert not boxed_pictures(at), "the board shows as much"

    run_with_sections(at, left_out.SECTION)
    assert len(boxes(at)["marks"]) == 2


def test_a_photograph_from_the_camera_is_read(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button_group(key="source").set_value("camera").run()

    at.camera_input[0].upload("photo.jpg", photograph(4)).run()

    assert not at.exception
    assert set(readings(at).values()) == {"4"}
