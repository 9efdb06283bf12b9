from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shared import model_picker
from tests.pages.conftest import ROOT, OpenPage
from tests.pages.looks import charts, links, pictures

READ, DRAWN = "A digit drawn by this app", "A digit drawn by the GAN"  # alternative texts


def _picture(at: AppTest, alt: str) -> str:
    return pictures(at)[alt]


def test_a_digit_is_read_and_one_drawn_without_a_click(open_page: OpenPage) -> None:
    at = open_page("home")

    assert set(pictures(at)) == {READ, DRAWN}
    assert "home answers" in charts(at)


def test_a_cnn_and_an_rnn_read_the_digit(open_page: OpenPage) -> None:
    answers = charts(open_page("home"))["home answers"]

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    families = {model_picker.classifier(choice).card.title for choice in pair}
    assert {bars["name"] for bars in answers["data"]} == families
    assert len(families) == 2


def test_another_digit_is_another_digit(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _picture(at, READ), _picture(at, DRAWN)

    at.button(key="another digit").click().run()

    assert not at.exception
    assert _picture(at, READ) != read
    assert _picture(at, DRAWN) == drawn


def test_another_drawing_is_another_drawing(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _picture(at, READ), _picture(at, DRAWN)

    at.button(key="another drawing").click().run()

    assert not at.exception
    assert _picture(at, DRAWN) != drawn
    assert _picture(at, READ) == read


def test_there_is_a_link_to_every_other_page(open_page: OpenPage) -> None:
    others = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}

    assert len(others) >= 4
    assert others <= set(links(open_page("home")))


def test_without_a_generator_the_page_sends_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("home")

    assert set(pictures(at)) == {READ}
    assert len(at.caption) == 1
    assert "train" in links(at)


def test_without_any_network_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", list)

    at = open_page("home")

    assert at.title
    assert not charts(at)
