from __future__ import annotations

import pytest

from tests.pages.classify.visits import chart_of_answers, readings, shared_code, upload
from tests.pages.conftest import OpenPage
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


@pytest.mark.parametrize("code", ["x", "not a code", "A" * 100_000])
def test_a_damaged_link_is_one_sentence(open_page: OpenPage, code: str) -> None:
    at = open_page("classify", drawing=code)

    assert len(at.error) == 1
    assert "link" in at.error[0].value
    assert not at.metric
