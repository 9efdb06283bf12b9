from __future__ import annotations

import re

import pytest

from core.runs import Run
from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, panels, pictures, words


def test_without_a_generator_the_page_links_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("generate")

    assert len(at.info) == 1
    assert "train" in links(at)
    assert not panels(at)


@pytest.mark.parametrize("view", ["write", "travel", "map", "directions"])
def test_every_view_shows_images_and_offers_downloads(open_page: OpenPage, view: str) -> None:
    at = open_page("generate", part=view)

    assert not at.exception
    assert not at.error
    assert pictures(at)
    assert at.get("download_button")


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Write it", "write"),
        ("Real or made?", "game"),
        ("Through training", "training"),
        ("MAP", "map"),
        ("no such view", "grid"),
    ],
)
def test_a_link_with_the_label_of_an_earlier_version_opens_its_view(
    open_page: OpenPage, text: str, view: str
) -> None:
    at = open_page("generate", part=text)

    assert not at.exception
    assert at.session_state["part"] == view
    assert ("part" in at.query_params) == (view != "grid")


@pytest.mark.parametrize(
    ("model", "view"), [("fashion_dcgan", "write"), ("avatars", "complete"), ("gone", "person")]
)
def test_a_link_to_a_view_that_the_generator_has_not_or_to_none_gets_one_sentence(
    open_page: OpenPage, avatars: Run, model: str, view: str
) -> None:
    at = open_page("generate", model=avatars.id if model == "avatars" else model, part=view)

    assert not at.exception
    assert len(at.info) == 1
    assert at.session_state["part"] == ("person" if model == "avatars" else "grid")


def test_every_view_draws_faces_in_colour_without_words_of_digits(open_page: OpenPage, avatars: Run) -> None:
    at = open_page("generate", model=avatars.id)
    for view in ("person", "grid", "travel", "map", "directions", "closest", "game", "training"):
        at.button_group(key="part").set_value(view).run()
        assert not at.exception, view
        assert not at.error, view
        labels = [*at.button_group(key="part").options, *(slider.label for slider in at.slider)]
        shown = words(at) + " ".join(labels)
        assert not re.search("digit|stroke|handwrit", shown, re.IGNORECASE), view
