from __future__ import annotations

import re

import numpy as np
import pytest

from core.images.glyph_links import to_code
from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, panels_by_id
from tests.pages.looks import charts, words

PART = {"part": "memory"}


def test_the_picture_stands_beside_states_and_gates_of_all_rows(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    panels = panels_by_id(at)
    assert {"picture", "state", "cell_state", "input", "forget", "candidate", "output"} == set(panels)
    assert (panels["state"]["rows"], panels["state"]["columns"]) == (28, 128)
    assert {"memory probabilities", "memory unit"} <= set(charts(at))


def test_a_unit_at_a_row_is_an_equation_with_its_numbers(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, recurrent="1", row="12", unit="40")

    text = equations(at)
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
    assert f"Unit {listed[0].label} of lstm2" in words(at)


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU"])
def test_the_other_cells_have_their_own_gates(open_page: OpenPage, kind: str) -> None:
    at = open_page("inside", **PART, network=f"compared-{kind.lower()}")

    gates = {"GRU": {"update", "reset", "candidate"}, "SimpleRNN": set()}[kind]
    assert set(panels_by_id(at)) == {"picture", "state"} | gates
    assert "Hidden state h" in equations(at)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("row", "29"), ("unit", "0"), ("network", "nobody"), ("recurrent", "3")],
)
def test_a_link_that_leads_nowhere_is_said_so(open_page: OpenPage, key: str, asked: str) -> None:
    at = open_page("inside", **PART, **{key: asked})

    assert f"“{asked}”" in at.info[0].value
    assert "Hidden state h" in equations(at)


def test_a_picture_without_ink_is_read_too(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert len(at.info) == 1
    assert "from the row" in equations(at)


def test_without_an_rnn_the_compared_ones_remain(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn"])

    assert "SimpleRNN" in open_page("inside", **PART).selectbox(key="inside network").options[0]


def test_a_network_in_a_link_of_the_version_before_is_found(open_page: OpenPage) -> None:
    at = open_page("inside", part="Memory", view="Row by row", network="compared-SimpleRNN")

    assert at.selectbox(key="inside network").value == "compared-simplernn"
    assert not at.info
