from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shared import model_picker
from tests.pages.conftest import ROOT, OpenPage
from tests.pages.looks import charts, links, pictures


def _pictures(at: AppTest) -> list[str]:
    """Return the addresses of the picture that is read and of the one that is drawn, as far as shown."""
    return list(pictures(at).values())


def test_the_page_reads_one_digit_and_draws_another_without_a_click(open_page: OpenPage) -> None:
    at = open_page("home")

    assert len(_pictures(at)) == 2
    assert "home answers" in charts(at)


def test_a_cnn_and_an_rnn_read_the_digit(open_page: OpenPage) -> None:
    answers = charts(open_page("home"))["home answers"]

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    families = {model_picker.classifier(choice).card.title for choice in pair}
    assert {bars["name"] for bars in answers["data"]} == families
    assert len(families) == 2


def test_the_button_for_another_digit_changes_only_the_digit_that_is_read(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _pictures(at)

    at.button(key="another digit").click().run()

    assert not at.exception
    assert _pictures(at)[0] != read
    assert _pictures(at)[1] == drawn


def test_the_button_for_another_drawing_changes_only_the_drawing(open_page: OpenPage) -> None:
    at = open_page("home")
    read, drawn = _pictures(at)

    at.button(key="another drawing").click().run()

    assert not at.exception
    assert _pictures(at)[1] != drawn
    assert _pictures(at)[0] == read


def test_there_is_a_link_to_every_other_page(open_page: OpenPage) -> None:
    others = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}

    assert len(others) >= 4
    assert others <= set(links(open_page("home")))


def test_without_a_generator_the_page_links_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("home")

    assert len(_pictures(at)) == 1
    assert len(at.caption) == 1
    assert "train" in links(at)


def test_without_any_network_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", list)

    at = open_page("home")

    assert at.title
    assert not charts(at)
