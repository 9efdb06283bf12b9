from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.images.glyph_links import to_code
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, panels_by_id
from tests.pages.looks import charts, numbers, words

PART = {"part": "memory"}


def _numbers_by_line(at: AppTest) -> list[list[str]]:
    return [numbers(line) for line in words(at).splitlines()]


def test_the_picture_is_shown_beside_the_states_and_gates_of_all_rows(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    panels = panels_by_id(at)
    assert {"picture", "state", "cell_state", "input", "forget", "candidate", "output"} == set(panels)
    assert (panels["state"]["rows"], panels["state"]["columns"]) == (28, 128)
    assert {"memory probabilities", "memory unit"} <= set(charts(at))


def test_the_equations_of_a_unit_at_a_row_show_its_numbers(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, recurrent="1", row="12", unit="40")

    text = equations(at)
    assert re.search(r" f\s+σ\(\s*−?\d", text)
    assert re.search(r" c\s+f × c \+ i × g =", text)
    assert re.search(r" h\s+o × tanh\(c\) =", text)
    assert ["40", "1", "12"] in _numbers_by_line(at)  # unit, layer and row


def test_the_link_holds_row_and_unit(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)
    at.number_input(key="inside row").set_value(20).run()
    at.number_input(key="inside unit").set_value(77).run()

    link = {key: at.query_params[key] for key in ("row", "unit")}
    assert link == {"row": "20", "unit": "77"}
    assert ["77", "2", "20"] in _numbers_by_line(open_page("inside", **PART, **link))


def test_units_that_are_active_over_some_rows_are_listed_and_can_be_chosen(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, **{"from": "20", "to": "22"})

    listed = [button for button in at.button if str(button.key).startswith("unit ")]
    assert listed
    assert any("128" in line for line in _numbers_by_line(at))
    listed[0].click().run()

    assert at.query_params["unit"] == listed[0].label
    assert [listed[0].label, "2"] in [line[:2] for line in _numbers_by_line(at)]


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU"])
def test_the_other_cells_have_their_own_gates(open_page: OpenPage, kind: str) -> None:
    at = open_page("inside", **PART, network=f"compared-{kind.lower()}")

    gates = {"GRU": {"update", "reset", "candidate"}, "SimpleRNN": set()}[kind]
    assert set(panels_by_id(at)) == {"picture", "state"} | gates
    assert "tanh(" in equations(at)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("row", "29"), ("unit", "0"), ("network", "nobody"), ("recurrent", "3")],
)
def test_an_unknown_value_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, key: str, asked: str
) -> None:
    at = open_page("inside", **PART, **{key: asked})

    assert f"“{escape_markdown(asked)}”" in at.info[0].value
    assert "tanh(" in equations(at)


def test_a_picture_without_ink_is_read_too(open_page: OpenPage) -> None:
    at = open_page("inside", **PART, drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert len(at.info) == 1
    assert "tanh(" in equations(at)


def test_without_an_rnn_the_compared_ones_remain(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn"])

    assert "SimpleRNN" in open_page("inside", **PART).selectbox(key="inside network").options[0]


def test_a_link_of_an_earlier_version_opens_the_same_network(open_page: OpenPage) -> None:
    at = open_page("inside", part="Memory", view="Row by row", network="compared-SimpleRNN")

    assert at.selectbox(key="inside network").value == "compared-simplernn"
    assert not at.info
