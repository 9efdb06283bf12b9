from __future__ import annotations

import numpy as np

from core.images.glyph_links import from_code, to_code
from pages.parts.inside.picture_choice import PICTURE_ALT, example
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures


def test_the_link_holds_the_chosen_example(open_page: OpenPage) -> None:
    at = open_page("inside")
    before = pictures(at)[PICTURE_ALT]

    at.button(key="inside example 7").click().run()

    assert not at.exception
    assert pictures(at)[PICTURE_ALT] != before
    np.testing.assert_array_equal(from_code(str(at.query_params["drawing"]))[0], example(7))


def test_the_picture_of_a_link_is_shown(open_page: OpenPage) -> None:
    before = pictures(open_page("inside"))[PICTURE_ALT]

    at = open_page("inside", drawing=str(to_code([example(5)])))

    assert pictures(at)[PICTURE_ALT] != before


def test_a_damaged_link_shows_one_error_and_an_example(open_page: OpenPage) -> None:
    at = open_page("inside", drawing="abc")

    assert len(at.error) == 1
    assert PICTURE_ALT in pictures(at)


def test_a_picture_without_ink_shows_a_hint(open_page: OpenPage) -> None:
    at = open_page("inside", drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert len(at.info) == 1
