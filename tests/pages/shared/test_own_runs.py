from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from core.contract.config import ClassifierConfig
from core.errors import RunError
from core.runs import Run, RunStore
from core.runs.process import launch
from core.visitors import Visitor
from pages.parts.shared import own_runs, run_control, visitors


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("me", "here"))
    return state


def test_started_runs_are_the_visitor_s_newest_first(started: list[Run]) -> None:
    one, other = own_runs.start([ClassifierConfig(seed=1), ClassifierConfig(seed=2)], name="mine")

    assert started == [one, other]
    assert own_runs.runs() == [other, one]
    assert {(run.status().visitor, run.status().address) for run in started} == {("me", "here")}
    assert run_control.may_control(one)


def test_a_run_that_cannot_be_started_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch, store: RunStore
) -> None:
    def fail(run: Run) -> None:
        raise RunError("a reason")

    monkeypatch.setattr(launch, "start", fail)

    with pytest.raises(RunError):
        own_runs.start([ClassifierConfig()])
    assert store.list() == []


def test_a_run_of_a_link_is_remembered_and_an_unknown_one_is_not(store: RunStore) -> None:
    theirs = store.create(ClassifierConfig(), visitor="someone")

    own_runs.remember_id(theirs.id)
    own_runs.remember_id("unknown")
    own_runs.remember_id(None)

    assert own_runs.runs() == [theirs]
    assert not run_control.may_control(theirs)
