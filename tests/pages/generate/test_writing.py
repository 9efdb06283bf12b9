from __future__ import annotations

import pytest

from core.latent.writing import MOST_CHARACTERS
from core.messages import message
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, pictures


@pytest.mark.parametrize(("text", "errors"), [("20a6", 0), ("abc", 1), ("1" * 10_000, 1)])
def test_what_cannot_be_written_is_left_out_or_shows_one_error_beside_the_controls(
    open_page: OpenPage, text: str, errors: int
) -> None:
    at = open_page("generate", part="write")

    at.text_area(key="text").set_value(text).run()

    assert not at.exception
    assert len(at.error) == errors
    assert len(pictures(at)) == 1 - errors
    assert at.number_input(key="seed").value == 0


def test_a_link_with_too_much_text_says_so(open_page: OpenPage) -> None:
    at = open_page("generate", part="write", text="1" * 3000)

    assert not at.exception
    assert [error.value for error in at.error] == [
        as_shown(message("latent.text_too_long", most=MOST_CHARACTERS, count=3000))
    ]
