from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.images.glyph_links import to_code
from core.messages import message
from tests.pages.classify.visits import readings
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown


def test_an_old_link_opens_with_its_drawing_until_the_board_is_chosen(open_page: OpenPage) -> None:
    code = to_code(list(render(np.array([2, 4, 7]), seed=1)))
    assert code is not None
    at = open_page("classify", drawing=code)
    assert set(readings(at).values()) == {"247"}

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
