from __future__ import annotations

import re

import numpy as np
import pytest

from core.images.glyph_links import to_code
from pages.parts.inside import row_completion
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures

PART = {"part": "memory", "view": "completion"}


def _sheet(found: dict[str, str]) -> str:
    """Return the address of the sheet of many completions."""
    return next(iter(found[alt] for alt in found if alt.startswith("20 ")))


def test_the_upper_rows_are_completed_many_times_and_as_each_digit(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)

    shown = pictures(at)
    assert {row_completion.MANY.format(count=20, rows=14), row_completion.EACH.format(rows=14)} <= set(shown)


def test_the_link_holds_rows_temperature_digit_and_seed(open_page: OpenPage) -> None:
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


def test_the_formula_of_the_temperature_shows_its_numbers(open_page: OpenPage) -> None:
    at = open_page("inside", **PART)
    [formula] = [html.proto.body for html in at.get("html") if "<sup>" in html.proto.body]
    assert re.search(r"\b15\b", formula)

    text = row_completion.row_lines(15, np.array([0.5, 0.3, 0.1, 0.1]), 0.5)
    assert "0.5<sup>1 ÷ 0.5</sup> ÷ (0.5<sup>1 ÷ 0.5</sup> + 0.3<sup>1 ÷ 0.5</sup>" in text
    assert re.search(r"\+ 0\.01 \([^)]+\)\) = ", text)
    assert f"{0.25 / (0.25 + 0.09 + 0.01 + 0.01):.3g}" in text
    assert "÷" not in row_completion.row_lines(15, np.array([1.0]), 0.0)


def test_without_ink_and_rows_the_network_draws_whole_digits(open_page: OpenPage) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    at = open_page("inside", **PART, drawing=empty, rows="0")

    assert row_completion.EACH.format(rows=0) in pictures(at)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("rows", "29"), ("digit", "x"), ("heat", "-1")],
)
def test_an_impossible_value_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, key: str, asked: str
) -> None:
    at = open_page("inside", **PART, **{key: asked})

    assert f"“{escape_markdown(asked)}”" in at.info[0].value
    assert key not in at.query_params
    assert _sheet(pictures(at))


def test_a_missing_model_shows_one_error(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_completion, "NAME", "unknown")

    at = open_page("inside", **PART)

    assert len(at.error) == 1


def test_generate_shows_the_completion_too(open_page: OpenPage) -> None:
    at = open_page("generate", part="completion")

    assert _sheet(pictures(at))


def test_a_link_of_an_earlier_version_opens_the_same_view_and_digit(open_page: OpenPage) -> None:
    at = open_page("inside", part="Memory", view="Complete", digit="Any")

    assert at.session_state["view"] == "completion"
    assert at.button_group(key="inside digit").value == "any"
    assert not at.info
