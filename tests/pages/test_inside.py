from __future__ import annotations

import pytest

from pages.parts.inside.picture_choice import PICTURE_ALT
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures


def test_the_page_opens_with_an_example_and_a_clean_link(open_page: OpenPage) -> None:
    at = open_page("inside")

    assert at.title
    assert PICTURE_ALT in pictures(at)
    assert "drawing" not in at.query_params


def test_a_link_to_an_unknown_part_opens_the_first_part(open_page: OpenPage) -> None:
    at = open_page("inside", part="Map")

    assert PICTURE_ALT in pictures(at)


@pytest.mark.parametrize(
    ("earlier", "part"),
    [("Convolution", "convolution"), ("Training", "training"), ("Memory", "memory"), ("Contest", "contest")],
)
def test_a_link_of_an_older_version_opens_its_part(open_page: OpenPage, earlier: str, part: str) -> None:
    assert open_page("inside", part=earlier).session_state["part"] == part
