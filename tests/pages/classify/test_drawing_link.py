from __future__ import annotations

import pytest

from core.messages import message
from tests.pages.classify.visits import chart_of_answers, readings, shared_code, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown
from tests.pictures import photograph


def test_a_link_opens_with_the_answer_that_was_shared(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    code = shared_code(at)
    bars = [list(bar["x"]) for bar in chart_of_answers(at)["data"]]

    opened = open_page("classify", drawing=code)

    assert readings(opened) == readings(at)
    assert [list(bar["x"]) for bar in chart_of_answers(opened)["data"]] == bars


def test_an_empty_board_does_not_show_the_answer_to_the_drawing_in_the_link(
    open_page: OpenPage,
) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))
    code = shared_code(at)
    at = open_page("classify", drawing=code)
    assert at.metric

    at.button_group(key="source").set_value("draw").run()

    assert not at.metric
    assert "drawing" not in at.query_params


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("x", "images.link_damaged"),
        ("not a code", "images.link_damaged"),
        ("A" * 100_000, "images.link_too_long"),
    ],
)
def test_a_damaged_link_shows_one_error(open_page: OpenPage, code: str, key: str) -> None:
    at = open_page("classify", drawing=code)

    assert [error.value for error in at.error] == [as_shown(message(key))]
    assert not at.metric
