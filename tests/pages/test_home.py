from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, links, pictures


def _picture(at: AppTest, alt: str) -> str:
    return pictures(at)[alt]


def test_a_digit_is_read_and_one_drawn_without_a_click(open_page: OpenPage) -> None:
    at = open_page("home")

    assert set(pictures(at)) == {"A digit drawn by this app", "A digit drawn by the GAN"}
    assert "home answers" in charts(at)


def test_a_cnn_and_an_rnn_read_the_digit(open_page: OpenPage) -> None:
    answers = charts(open_page("home"))["home answers"]

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    families = {model_picker.classifier(choice).card.title for choice in pair}
    assert {bars["name"] for bars in answers["data"]} == families
    assert len(families) == 2


def test_another_digit_is_another_digit(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _picture(at, "A digit drawn by this app"), _picture(at, "A digit drawn by the GAN")

    at.button(key="another digit").click().run()

    assert not at.exception
    assert _picture(at, "A digit drawn by this app") != read
    assert _picture(at, "A digit drawn by the GAN") == drawn


def test_another_drawing_is_another_drawing(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _picture(at, "A digit drawn by this app"), _picture(at, "A digit drawn by the GAN")

    at.button(key="another drawing").click().run()

    assert not at.exception
    assert _picture(at, "A digit drawn by the GAN") != drawn
    assert _picture(at, "A digit drawn by this app") == read


def test_there_is_a_door_to_every_other_page(open_page: OpenPage) -> None:
    assert {"classify", "train", "generate"} <= set(links(open_page("home")))


def test_without_a_generator_the_page_sends_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("home")

    assert set(pictures(at)) == {"A digit drawn by this app"}
    assert any("train" in text.value.lower() and "GAN" in text.value for text in at.caption)


def test_without_any_network_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", list)

    at = open_page("home")

    assert at.title[0].value == "Deep Image Lab"
    assert not charts(at)
