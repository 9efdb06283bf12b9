from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.language import gettext
from pages.parts.home import answering_canvas
from pages.parts.shared import model_picker
from tests.pages.conftest import ROOT, OpenPage
from tests.pages.looks import links


def _shown(at: AppTest) -> dict[str, Any]:
    """Return what the page's components show, by the component's name."""
    components = [c.proto for c in at.get("bidi_component")]
    data = {c.component_name.rpartition(".")[2]: json.loads(c.json) for c in components}
    return {name: shown[0] for name, shown in data.items() if isinstance(shown, list)}


def test_a_cnn_and_an_rnn_answer_the_sample_before_anything_is_drawn(open_page: OpenPage) -> None:
    answers = _shown(open_page("home"))["network_bars"]

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    titles = [model_picker.classifier(choice).card.title for choice in pair]
    assert [network["title"] for network in answers["networks"]] == titles
    assert len(set(titles)) == 2
    assert {network["answer"] for network in answers["networks"]} == {str(answering_canvas.SAMPLE)}


def test_another_seed_draws_another_image(open_page: OpenPage) -> None:
    at = open_page("home")
    before = _shown(at)["tap_picture"]

    at.session_state["home image"] += 1
    at.run()

    assert _shown(at)["tap_picture"]["url"] != before["url"]


def test_the_photograph_button_opens_classify_where_files_are_chosen(open_page: OpenPage) -> None:
    at = open_page("home")

    at.button(key="photo").click().run()

    assert not at.exception
    assert at.title[0].value == gettext("Classify")
    assert at.session_state["source"] == "upload"


def test_there_is_a_link_to_every_other_page(open_page: OpenPage) -> None:
    others = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}

    assert len(others) >= 4
    assert others <= set(links(open_page("home")))


def test_without_any_network_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", list)

    at = open_page("home")

    assert at.title
    assert not {"network_bars", "tap_picture"} & set(_shown(at))
    assert "train" in links(at)
