from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage


@pytest.mark.parametrize("text", ["20a6", "1" * 10_000])
def test_a_text_that_cannot_be_written_shows_one_error_and_the_controls(
    open_page: OpenPage, text: str
) -> None:
    at = open_page("generate", part="write")

    at.text_input(key="text").set_value(text).run()

    assert not at.exception
    assert len(at.error) == 1
    assert at.number_input(key="seed").value == 0
