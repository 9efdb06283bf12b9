from __future__ import annotations

import pytest

from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, panels, pictures


def test_without_a_generator_the_page_leads_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("generate")

    assert len(at.info) == 1
    assert "train" in links(at)
    assert not panels(at)


@pytest.mark.parametrize("view", ["write", "travel", "map", "directions"])
def test_every_view_draws_and_can_be_downloaded(open_page: OpenPage, view: str) -> None:
    at = open_page("generate", part=view)

    assert not at.exception
    assert not at.error
    assert pictures(at)
    assert at.get("download_button")


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Write it", "write"),
        ("Travel", "travel"),
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
    "query",
    [
        {"part": "x"},
        {"scale": "9"},
        {"count": "-3"},
        {"count": "1e9"},
        {"seed": "x"},
        {"seed": "-1"},
        {"classes": "12"},
        {"part": "map", "x": "1e9"},
        {"part": "travel", "from": "x"},
    ],
)
def test_a_link_with_a_bad_value_draws_all_the_same(open_page: OpenPage, query: dict[str, str]) -> None:
    at = open_page("generate", **query)

    assert not at.exception
    assert pictures(at) or panels(at)


def test_a_generator_that_is_not_here_is_said_and_another_draws(open_page: OpenPage) -> None:
    at = open_page("generate", model="gone*" + "x" * 5000)

    assert "gone" in at.info[0].value
    assert len(at.info[0].value) < 150
    assert panels(at)
