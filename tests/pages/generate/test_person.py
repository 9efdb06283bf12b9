from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.messages import message
from core.runs import Run
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, panels, pictures


def _person(at: AppTest) -> str:
    asked = at.query_params["person"]
    return asked if isinstance(asked, str) else asked[0]


def test_one_tap_draws_another_person_and_the_link_draws_the_same_again(
    open_page: OpenPage, avatars: Run
) -> None:
    at = open_page("generate", model=avatars.id)
    first, seed = pictures(at) | panels(at), _person(at)
    assert not at.exception
    assert {button.key for button in at.get("download_button")} == {"download png", "download cut-out"}

    at.button(key="person next").click().run()
    assert _person(at) != seed
    assert pictures(at) != first
    again = open_page("generate", model=avatars.id, person=seed)
    assert pictures(again) | panels(again) == first


def test_a_kept_part_makes_a_link_that_reopens_to_the_same_pixels(open_page: OpenPage, avatars: Run) -> None:
    at = open_page("generate", model=avatars.id, person="3", style="4")
    at.button_group(key="keep").set_value(["style", "hair"]).run()
    at.button(key="person next").click().run()

    code = _person(at)
    assert len(code) > 20
    again = open_page("generate", model=avatars.id, person=code, style="4")
    assert pictures(again) == pictures(at)


@pytest.mark.parametrize(
    ("person", "wrong"),
    [("no person", "latent.damaged_point"), ("9" * 5000, "latent.damaged_point")],
)
def test_a_bad_person_in_the_link_shows_one_error_and_a_person(
    open_page: OpenPage, avatars: Run, person: str, wrong: str
) -> None:
    at = open_page("generate", model=avatars.id, person=person)

    assert [error.value for error in at.error] == [as_shown(message(wrong))]
    assert pictures(at)
