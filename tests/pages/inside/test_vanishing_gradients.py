from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from core.messages import message
from pages.parts.shared import experiment
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, words


def test_the_measured_gradients_are_shown_with_what_was_trained(open_page: OpenPage) -> None:
    at = open_page("inside", part="memory", view="gradients")

    assert {"vanishing", "lengths"} <= set(charts(at))
    assert {"64", "4,000", "28", "10"} <= set(re.findall(r"\d[\d,]*", words(at)))


def test_the_gradients_of_the_chosen_network_are_measured_on_demand(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    class Fake:
        alive = True

        def __init__(self, name: str, options: dict[str, Any], **limits: object) -> None:
            asked.append({"name": name, **options})

        def wait(self, progress: object) -> None: ...

        def ask(self, method: str, *, images: int, progress: Any) -> dict[str, Any]:
            progress(message("lab.backpropagating"), 0.5)
            return {"layers": [{"name": "lstm1", "kind": "LSTM", "norms": np.ones(28)}], "images": images}

        def close(self) -> None: ...

    monkeypatch.setattr(experiment, "ChildProcess", Fake)
    at = open_page("inside", part="memory", view="gradients")
    at.button(key="measure gradients").click().run()

    assert not at.exception
    assert asked[0]["name"] == "recurrent_gradients"
    assert asked[0]["folder"].endswith("lstm")
    assert charts(at)["own gradients"]["data"][0]["name"] == "lstm1 (LSTM)"
    assert "200" in at.caption[-1].value


def test_a_link_of_an_earlier_version_shows_the_gradients_before_training(open_page: OpenPage) -> None:
    at = open_page("inside", part="Memory", view="Vanishing gradient", when="Before training")

    assert at.button_group(key="when").value == "before"
    assert at.query_params["when"] == "before"
    shown = [open_page("inside", part="memory", view="gradients", when=time) for time in ("before", "after")]
    assert charts(at)["vanishing"] == charts(shown[0])["vanishing"] != charts(shown[1])["vanishing"]
