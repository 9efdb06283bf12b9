from __future__ import annotations

import numpy as np

from core.images.share import from_code, to_code
from pages.parts.inside.picture import example
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures

PICTURE = "Your picture, 28×28"


def test_the_page_opens_with_an_example_and_a_clean_link(open_page: OpenPage) -> None:
    at = open_page("inside")

    assert at.title[0].value == "Inside"
    assert PICTURE in pictures(at)
    assert "drawing" not in at.query_params


def test_an_example_that_was_chosen_stands_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside")
    before = pictures(at)[PICTURE]

    at.button(key="inside example 7").click().run()

    assert not at.exception
    assert pictures(at)[PICTURE] != before
    np.testing.assert_array_equal(from_code(str(at.query_params["drawing"]))[0], example(7))


def test_the_picture_of_a_link_is_shown(open_page: OpenPage) -> None:
    before = pictures(open_page("inside"))[PICTURE]

    at = open_page("inside", drawing=str(to_code([example(5)])))

    assert pictures(at)[PICTURE] != before


def test_a_damaged_link_is_said_so_and_an_example_stands_in(open_page: OpenPage) -> None:
    at = open_page("inside", drawing="abc")

    assert "damaged" in at.error[0].value
    assert PICTURE in pictures(at)


def test_a_picture_without_ink_is_said_so_with_a_way_on(open_page: OpenPage) -> None:
    at = open_page("inside", drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert "no ink" in at.info[0].value


def test_a_link_to_a_part_that_is_not_there_opens_the_first(open_page: OpenPage) -> None:
    at = open_page("inside", part="Map")

    assert PICTURE in pictures(at)
