from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _script() -> None:
    import streamlit as st  # noqa: PLC0415

    from pages.parts.shared import link_choice  # noqa: PLC0415

    link_choice.restore("view", ["map", "grid"], "map", {"The map": "map", "A grid": "grid", "Sheet": "grid"})
    st.segmented_control("View", ["map", "grid"], required=True, key="view")
    link_choice.publish("view", "map")
    link_choice.restore_several("classes", range(3), {"Coat": 2})
    st.pills("Classes", range(3), selection_mode="multi", key="classes")
    link_choice.publish_several("classes", range(3))


def _opened(**query: str | list[str]) -> AppTest:
    at = AppTest.from_function(_script)
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("grid", "grid"), ("GRID", "grid"), ("a grid", "grid"), ("Sheet", "grid"), ("map", "map"), ("x", "map")],
)
def test_a_link_may_hold_an_id_a_label_or_an_earlier_label(text: str, chosen: str) -> None:
    at = _opened(view=text)

    assert at.session_state["view"] == chosen
    assert ("view" in at.query_params) == (chosen != "map")


def test_a_choice_is_written_into_the_link_and_the_default_is_not() -> None:
    at = _opened()
    at.button_group(key="view").set_value("grid").run()
    assert at.query_params["view"] == "grid"

    at.button_group(key="view").set_value("map").run()
    assert "view" not in at.query_params


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [(["1", "coat"], [1, 2]), (["9"], [0, 1, 2]), ([""], []), (["2"], [2])],
)
def test_several_choices_are_read_from_the_link(texts: list[str], chosen: list[int]) -> None:
    assert _opened(classes=texts).session_state["classes"] == chosen


def test_no_choice_at_all_is_kept_in_the_link() -> None:
    at = _opened()
    at.button_group(key="classes").set_value([]).run()

    assert at.query_params["classes"] == ""
    assert _opened(classes="").session_state["classes"] == []
