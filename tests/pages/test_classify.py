from __future__ import annotations

import pytest
import streamlit as st

from tests.pages.classify.visits import upload
from tests.pages.conftest import OpenPage
from tests.pictures import photograph


def test_an_empty_page_offers_an_example(open_page: OpenPage) -> None:
    at = open_page("classify")

    assert at.button(key="try an example")
    assert not at.metric
    assert not at.error


def test_without_a_network_the_page_shows_a_hint_and_no_run_empties_it_first(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that vanishes until it is shown again would take the page's height, and jump to its top."""
    at = upload(open_page("classify"), ("photo.png", photograph(7)))
    emptied: list[bool] = []
    empty = st.empty
    monkeypatch.setattr(st, "empty", lambda: emptied.append(True) or empty())

    at.button_group(key="classifiers digit").set_value([]).run()

    assert not at.exception
    assert len(at.info) == 1
    assert not at.metric
    assert not emptied
