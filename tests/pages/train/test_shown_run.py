from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import Run, RunStore
from pages.parts.components import once
from pages.parts.train import shown_run
from tests.pages.conftest import OpenPage
from tests.pages.train.actions import MakeRun, start


def _by_the_menu(at: AppTest, page: str) -> AppTest:
    at.query_params.clear()
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return at


def test_the_menu_brings_back_the_last_run_and_not_one_that_was_deleted(
    open_page: OpenPage, recorded: MakeRun, finished: Run, store: RunStore
) -> None:
    recorded(state="stopped")  # a newer one
    at = open_page("train", run=finished.id)

    _by_the_menu(_by_the_menu(at, "tour"), "train")
    assert at.query_params["run"] == finished.id

    store.delete(finished.id)
    _by_the_menu(_by_the_menu(at, "tour"), "train")
    assert "run" not in at.query_params
    assert not at.error


def test_a_returning_visitor_sees_the_newest_run_unless_the_link_holds_settings(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    newest = recorded(state="stopped")

    assert open_page("train").query_params["run"] == newest.id
    assert "run" not in open_page("train", family="rnn").query_params


def test_what_a_tap_asked_for_is_brought_into_view(
    open_page: OpenPage, finished: Run, started: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(once, "scroll_to", seen.append)
    at = open_page("train", run=finished.id)
    assert seen == []

    start(at)
    assert seen == [shown_run.VIEW_PLACE]

    at.button(key="same settings").click().run()
    assert seen == [shown_run.VIEW_PLACE, shown_run.FORM_PLACE]
