from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.images.glyph_links import to_code
from pages.parts.shared import experiment, model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, words

PART = {"part": "Memory"}


def _text(at: AppTest) -> str:
    html = " ".join(element.proto.body for element in at.get("html"))
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S)


def _panels(at: AppTest) -> dict[str, dict[str, Any]]:
    found = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("pixels")]
    return {panel["id"]: panel for c in found for panel in json.loads(c.proto.json)["panels"]}


def test_the_picture_stands_beside_states_and_gates_of_all_rows(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    panels = _panels(at)
    gates = {"Input gate i", "Forget gate f", "Candidate g", "Output gate o"}
    assert {"picture", "Hidden state h", "Cell state c"} | gates == set(panels)
    assert (panels["Hidden state h"]["rows"], panels["Hidden state h"]["columns"]) == (28, 128)
    assert {"memory opinion", "memory unit"} <= set(charts(at))


def test_a_unit_at_a_row_is_an_equation_with_its_numbers(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, recurrent="1", row="12", unit="40")

    text = _text(at)
    assert re.search(r"Forget gate f\s+σ\(\s*−?\d\S* +from the row", text)
    assert re.search(r"Cell state c\s+f × c \+ i × g =", text)
    assert re.search(r"Hidden state h\s+o × tanh\(c\) =", text)
    assert "Unit 40 of lstm1 at row 12" in words(at)


def test_row_unit_and_layer_stand_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)
    at.number_input(key="inside row").set_value(20).run()
    at.number_input(key="inside unit").set_value(77).run()

    link = {key: at.query_params[key] for key in ("row", "unit")}
    assert link == {"row": "20", "unit": "77"}
    assert "Unit 77 of lstm2 at row 20" in words(open_page("inside", **PART, **link))


def test_units_that_stay_lit_over_some_rows_are_listed_and_can_be_followed(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, **{"from": "20", "to": "22"})

    listed = [button for button in at.button if str(button.key).startswith("unit ")]
    assert f"{len(listed)} of 128 units" in words(at) or "strongest" in words(at)
    listed[0].click().run()

    assert at.query_params["unit"] == listed[0].label
    assert f"Unit {listed[0].label} followed:** above 0.3" in words(at)


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU"])
def test_the_other_cells_have_their_own_gates(open_page: OpenPage, kind: str) -> None:
    at = open_page("inside", **PART, network=f"compared-{kind}")

    gates = {"GRU": {"Update gate z", "Reset gate r", "Candidate g"}, "SimpleRNN": set()}[kind]
    assert set(_panels(at)) == {"picture", "Hidden state h"} | gates
    assert "Hidden state h" in _text(at)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"row": "29"}, "none from 1 to 28"),
        ({"unit": "0"}, "none from 1 to 128"),
        ({"network": "nobody"}, "no network named"),
        ({"recurrent": "3"}, "none from 1 to 2"),
    ],
)
def test_a_link_that_leads_nowhere_is_said_so(
    open_page: OpenPage, query: dict[str, str], sentence: str
) -> None:
    at = open_page("inside", **PART, **query)

    assert sentence in at.info[0].value
    assert "Hidden state h" in _text(at)


def test_a_picture_without_ink_is_read_too(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert "no ink" in at.info[0].value
    assert "from the row" in _text(at)


def test_without_an_rnn_the_compared_ones_remain(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn"])

    assert "SimpleRNN" in open_page("inside", **PART).selectbox(key="inside network").options[0]


def test_three_cells_read_the_picture_side_by_side(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, view="Three cells")

    assert {"SimpleRNN", "GRU", "LSTM"} <= set(_panels(at))
    shown = charts(at)
    assert {"opinion SimpleRNN", "opinion GRU", "opinion LSTM"} <= set(shown)
    assert [line["name"] for line in shown["cells gradients"]["data"]] == ["SimpleRNN", "GRU", "LSTM"]
    assert "measure-memory" in words(at)


def test_the_measured_gradients_are_shown_with_what_was_trained(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, view="Vanishing gradient")

    assert {"vanishing", "lengths"} <= set(charts(at))
    assert re.search(r"64 units.*4,000 images of MNIST.*28 steps in 10 epochs", words(at))


def test_a_run_s_own_gradients_are_measured_on_demand(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    class Fake:
        alive = True

        def __init__(self, name: str, options: dict[str, Any], *, limit: object) -> None:
            asked.append({"name": name, **options})

        def wait(self, progress: object) -> None: ...

        def ask(self, method: str, *, images: int, progress: Any) -> dict[str, Any]:
            progress("Back through the rows", 0.5)
            return {"layers": [{"name": "lstm1", "kind": "LSTM", "norms": np.ones(28)}], "images": images}

        def close(self) -> None: ...

    monkeypatch.setattr(experiment, "ChildProcess", Fake)
    at = open_page("inside", **PART, view="Vanishing gradient")
    at.button(key="measure gradients").click().run()

    assert not at.exception
    assert asked[0]["name"] == "recurrent_gradients"
    assert asked[0]["folder"].endswith("lstm")
    assert charts(at)["own gradients"]["data"][0]["name"] == "lstm1 (LSTM)"
    assert "Median over 200 test images" in words(at)
