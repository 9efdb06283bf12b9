from __future__ import annotations

from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures, words


def test_a_link_opens_an_image_with_the_answers_of_the_networks(open_page: OpenPage) -> None:
    shown = [open_page("generate", count="10", image="3") for _ in range(2)]

    assert not shown[0].exception
    assert "D(x)" in words(shown[0])
    for reader in model_picker.classifiers_for(model_picker.choices("gan")[0]):
        assert reader.title in words(shown[0]).replace("\\", "")
    first, second = (pictures(at) for at in shown)
    assert first
    assert first == second


def test_an_open_image_leads_to_its_directions(open_page: OpenPage) -> None:
    at = open_page("generate", count="10", seed="4", image="7")

    at.button(key="open directions").click().run()

    assert not at.exception
    assert at.session_state["part"] == "directions"
    assert (at.selectbox(key="base").value, at.number_input(key="place").value) == (7, 7)
    assert at.number_input(key="seed").value == 4


def test_an_interpolation_can_start_from_the_open_image(open_page: OpenPage) -> None:
    at = open_page("generate", count="10", seed="4", image="7")

    at.button(key="open travel").click().run()

    assert not at.exception
    assert at.session_state["part"] == "travel"
    assert at.selectbox(key="from").value == 7
    assert at.number_input(key="from-image").value == 7
    assert at.number_input(key="from-seed").value == 4
