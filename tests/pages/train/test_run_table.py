from __future__ import annotations

import pytest

from core.runs import Run, RunStore
from core.visitors import Visitor
from pages.parts.shared import own_runs
from tests.pages.conftest import OpenPage
from tests.pages.looks import links
from tests.pages.train.actions import (
    MakeRun,
    start,
)


def test_ticked_runs_are_deleted_and_their_page_is_left(
    open_page: OpenPage, finished: Run, store: RunStore
) -> None:
    at = open_page("train", run=finished.id)
    at.checkbox(key=f"ticked {finished.id}").check().run()
    at.button(key="delete").click().run()

    assert not at.exception
    assert store.list() == []
    assert "run" not in at.query_params
    assert not at.error


def test_a_visitor_s_runs_are_theirs_in_a_later_session_too(
    open_page: OpenPage, finished: Run, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.write_status(visitor="me")
    recorded(state="stopped", message="Stopped.", visitor="somebody else")
    monkeypatch.setattr(own_runs, "visitor", lambda: Visitor("me"))
    at = open_page("train")

    assert [box.key for box in at.checkbox] == [f"ticked {finished.id}"]


def test_runs_opened_by_link_are_listed_with_their_result(
    open_page: OpenPage, finished: Run, started: list[Run]
) -> None:
    at = start(open_page("train", run=finished.id))

    label = links(at)["train"].label
    assert "Finished" in label
    assert "95.1%" in label
