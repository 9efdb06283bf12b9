from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from core.images.glyph_links import to_code
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures

PART = {"part": "Memory", "view": "Complete"}


def _sheet(found: dict[str, str]) -> str:
    return next(url for alt, url in found.items() if alt.startswith("20 ways to go on"))


def test_a_picture_s_upper_rows_are_completed_in_many_ways_and_as_each_digit(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    shown = pictures(at)
    assert "20 ways to go on; the first 14 rows are yours" in shown
    assert "One way for each digit; the first 14 rows are yours" in shown


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

    from pages.parts.inside.row_completion import row_lines  # noqa: PLC0415 (the page has just imported it)

    text = row_lines(15, np.array([0.5, 0.3, 0.1, 0.1]), 0.5)
    assert "0.5<sup>1 ÷ 0.5</sup> ÷ (0.5<sup>1 ÷ 0.5</sup> + 0.3<sup>1 ÷ 0.5</sup>" in text
    assert "+ 0.01 (the others)) = " in text
    assert f"{0.25 / (0.25 + 0.09 + 0.01 + 0.01):.3g}" in text
    assert "every time" in row_lines(15, np.array([1.0]), 0.0)


def test_without_ink_or_rows_the_network_draws_from_nothing(open_page: OpenPage) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    at = open_page("inside", **PART, drawing=empty, rows="0")

    assert "One way for each digit; the first 0 rows are yours" in pictures(at)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"rows": "29"}, "none from 0 to 28"),
        ({"digit": "x"}, "no digit named"),
        ({"heat": "-1"}, "none from 0"),
    ],
)
def test_a_link_that_asks_for_what_cannot_be_is_answered_in_words(
    open_page: OpenPage, query: dict[str, str], sentence: str
) -> None:
    at = open_page("inside", **PART, **query)

    assert sentence in at.info[0].value
    assert _sheet(pictures(at))


def test_a_model_that_is_missing_is_said_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    monkeypatch.setattr("core.bundles.bundle.pretrained_names", lambda: ["cnn"])

    at = open_page("inside", **PART)

    assert "There is no model named" in at.error[0].value.replace("\\", "")


def test_generate_leads_there_too(open_page: OpenPage) -> None:
    at = open_page("generate", part="Complete")

    assert _sheet(pictures(at))
