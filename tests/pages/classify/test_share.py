from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.images.picture_kind import CLOTHING
from core.messages import message
from pages.parts.classify.share import PICTURE
from tests.pages.classify.visits import readings, run_with_sections, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown
from tests.pictures import photograph


def _link(at: AppTest) -> dict[str, str]:
    """Return the parameters of the link that the page offers."""
    run_with_sections(at, "share")
    (link,) = [code.value for code in at.code if "/classify?" in code.value or "?picture=" in code.value]
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_a_link_opens_with_the_same_picture_networks_and_answer(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    at.button_group(key="classifiers digit").set_value(["plain_cnn"]).run()

    opened = open_page("classify", **_link(at))

    assert readings(opened) == readings(at)
    assert list(readings(opened).values()) == ["247"]


def test_clothes_and_other_pictures_are_shared_too(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button_group(key="read with").set_value(CLOTHING)
    upload(at, ("photo.png", photograph(2)))
    link = _link(at)

    opened = open_page("classify", **link)

    assert link["read"] == CLOTHING
    assert list(readings(opened)) == list(readings(at))


def test_a_damaged_picture_in_a_link_is_one_error(open_page: OpenPage) -> None:
    at = open_page("classify", **{PICTURE: "not a code"})

    assert [error.value for error in at.error] == [as_shown(message("images.link_damaged"))]
    assert not at.metric


@pytest.mark.parametrize("code", ["AAAA"])
def test_a_link_without_a_picture_in_it_is_one_error(open_page: OpenPage, code: str) -> None:
    at = open_page("classify", **{PICTURE: code})

    assert len(at.error) == 1
    assert not at.metric
