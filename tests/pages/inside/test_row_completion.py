from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from core.images.glyph_links import to_code
from pages.parts.inside import row_completion
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures

PART = {"part": "memory", "view": "completion"}


def _sheet(found: dict[str, str]) -> str:
    """Return the address of the sheet of many completions."""
    return next(iter(found[alt] for alt in found if alt.startswith("20 ")))


def test_a_picture_s_upper_rows_are_completed_in_many_ways_and_as_each_digit(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    shown = pictures(at)
    assert {row_completion.MANY.format(count=20, rows=14), row_completion.EACH.format(rows=14)} <= set(shown)


def test_rows_temperature_digit_and_seed_stand_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)
    before = _sheet(pictures(at))

    at.slider(key="inside rows").set_value(9).run()
    at.slider(key="inside heat").set_value(1.2).run()
    at.button_group(key="inside digit").set_value("5").run()
    at.number_input(key="inside rowseed").set_value(3).run()

    link = {key: at.query_params[key] for key in ("rows", "heat", "digit", "rowseed")}
    assert link == {"rows": "9", "heat": "120", "digit": "5", "rowseed": "3"}
    assert _sheet(pictures(at)) != before
    assert pictures(open_page("inside", **PART, **link)).keys() == pictures(at).keys()


def test_the_temperature_s_formula_has_its_numbers_in_it(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)
    assert "Row 15" in at.get("html")[-1].proto.body

    text = row_completion.row_lines(15, np.array([0.5, 0.3, 0.1, 0.1]), 0.5)
    assert "0.5<sup>1 ÷ 0.5</sup> ÷ (0.5<sup>1 ÷ 0.5</sup> + 0.3<sup>1 ÷ 0.5</sup>" in text
    assert "+ 0.01 (the others)) = " in text
    assert f"{0.25 / (0.25 + 0.09 + 0.01 + 0.01):.3g}" in text
    assert "÷" not in row_completion.row_lines(15, np.array([1.0]), 0.0)


def test_without_ink_or_rows_the_network_draws_from_nothing(open_page: OpenPage) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    at = open_page("inside", **PART, drawing=empty, rows="0")

    assert row_completion.EACH.format(rows=0) in pictures(at)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("rows", "29"), ("digit", "x"), ("heat", "-1")],
)
def test_a_link_that_asks_for_what_cannot_be_is_answered_in_words(
    open_page: OpenPage, key: str, asked: str
) -> None:
    at = open_page("inside", **PART, **{key: asked})

    assert f"“{asked}”" in at.info[0].value
    assert key not in at.query_params
    assert _sheet(pictures(at))


def test_a_model_that_is_missing_is_said_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    monkeypatch.setattr("core.bundles.bundle.pretrained_names", lambda: ["cnn"])

    at = open_page("inside", **PART)

    assert "There is no model named" in at.error[0].value.replace("\\", "")


def test_generate_leads_there_too(open_page: OpenPage) -> None:
    at = open_page("generate", part="completion")

    assert _sheet(pictures(at))


def test_a_link_of_the_version_before_opens_the_same_view_and_digit(open_page: OpenPage) -> None:
    at = open_page("inside", part="Memory", view="Complete", digit="Any")

    assert at.session_state["view"] == "completion"
    assert at.button_group(key="inside digit").value == "any"
    assert not at.info
