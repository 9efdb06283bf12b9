from __future__ import annotations

import io

from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from pages.parts.shared import preparation
from tests.pages.classify.visits import readings, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures
from tests.pictures import encoded, photograph


def test_a_mark_left_out_is_outlined_and_brought_back_as_a_glyph(open_page: OpenPage) -> None:
    sheet = Image.new("L", (400, 200), 255)
    draw = ImageDraw.Draw(sheet)
    for left in (60, 140, 300):
        draw.rectangle((left, 50, left + 12, 150), fill=0)
    draw.rectangle((220, 72, 227, 104), fill=0)
    draw.rectangle((255, 90, 264, 99), fill=0)
    at = upload(open_page("classify"), ("ones.png", encoded(sheet)))
    assert set(readings(at).values()) == {"111"}
    assert any(caption.value.startswith("1 speck ") for caption in at.caption)
    outlined = len(pictures(at))

    (marks,) = [group for group in at.button_group if group.key and group.key.startswith("brought back")]
    marks.set_value([0]).run()

    assert not at.exception
    assert {len(reading) for reading in readings(at).values()} == {4}
    assert len(pictures(at)) == outlined


def test_a_page_on_its_side_is_turned_and_can_be_turned_further(open_page: OpenPage) -> None:
    row = Image.open(io.BytesIO(photograph(2, 4, 7))).rotate(90, expand=True)
    at = upload(open_page("classify"), ("side.png", encoded(row)))
    assert set(readings(at).values()) == {"247"}

    at.button(key="turn picture").click().run()

    assert not at.exception
    assert set(readings(at).values()) != {"247"}


def test_a_page_that_was_turned_for_digits_is_read_as_brought_for_letters(open_page: OpenPage) -> None:
    row = Image.open(io.BytesIO(photograph(2, 4, 7))).rotate(90, expand=True)
    at = upload(open_page("classify"), ("side.png", encoded(row)))
    seen = [_turn(at)]
    for key in ("read as letter", "turn picture"):
        at.button(key=key).click().run()
        seen.append(_turn(at))

    assert not at.exception
    assert seen == [1, 0, 1]


def _turn(at: AppTest) -> int:
    """Return by how many quarter turns the shown picture was turned."""
    (prepared,) = at.session_state[preparation.STATE].values()
    return prepared.turn
