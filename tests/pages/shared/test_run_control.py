from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from core.contract.config import ClassifierConfig
from core.errors import RunError
from core.runs import Control, Run, RunStore
from core.runs.process import launch
from core.visitors import Visitor
from pages.parts.shared import run_control, visitors

ACTIONS: list[Callable[[Run], None]] = [
    *(lambda run, control=control: run_control.request(run, control) for control in Control),
    lambda run: run_control.request_rate(run, 0.5),
    run_control.resume,
    run_control.discard,
]


@pytest.fixture(autouse=True)
def link(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the link of a session of another visitor than the runs'."""
    query: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", query)
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("me"))
    return query


@pytest.fixture
def theirs(store: RunStore) -> Run:
    return store.create(ClassifierConfig(), visitor="somebody")


@pytest.mark.parametrize("action", ACTIONS)
def test_another_visitor_can_do_nothing_to_a_run(theirs: Run, action: Callable[[Run], None]) -> None:
    with pytest.raises(RunError) as refused:
        action(theirs)

    assert refused.value.message.key == "runs.not_yours"
    assert theirs.requested().token == ""
    assert theirs.folder.is_dir()


@pytest.mark.parametrize("key", ["", "guess", "é", None])
def test_a_wrong_control_key_is_refused_and_dropped(
    theirs: Run, link: dict[str, Any], key: str | None
) -> None:
    link[run_control.LINK] = key if key is not None else theirs.control_key()[:-1]
    with pytest.raises(RunError) as refused:
        run_control.open_link(theirs)

    assert refused.value.message.key == "runs.wrong_control_key"
    assert not run_control.may_control(theirs)
    assert link == {}


def test_the_control_link_is_remembered_for_the_session_and_leaves_the_address(
    theirs: Run, link: dict[str, Any], store: RunStore
) -> None:
    link[run_control.LINK] = theirs.control_key()
    run_control.open_link(theirs)
    assert link == {}
    run_control.open_link(theirs)
    run_control.request(theirs, Control.PAUSE)
    assert theirs.control() is Control.PAUSE
    other = store.create(ClassifierConfig(), visitor="somebody")
    assert not run_control.may_control(other), "the link is for one run"
    run_control.discard(theirs)

    assert store.list() == [other]


def test_the_right_of_a_control_link_outlives_the_session_but_is_one_visitors(
    theirs: Run, link: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    link[run_control.LINK] = theirs.control_key()
    run_control.open_link(theirs)

    monkeypatch.setattr(st, "session_state", {})  # the page is loaded again
    assert run_control.may_control(theirs)
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("new", ids=frozenset({"new", "me"})))
    assert run_control.may_control(theirs), "the browser has told another id of the same visitor"
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("other"))
    assert not run_control.may_control(theirs)


def test_the_owner_may_act_and_nobody_owns_a_run_without_a_name(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[Run] = []
    monkeypatch.setattr(launch, "resume", resumed.append)
    mine, nobodys = store.create(ClassifierConfig(), visitor="me"), store.create(ClassifierConfig())

    run_control.resume(mine)

    assert resumed == [mine]
    assert not run_control.may_control(nobodys)


def test_an_error_is_dropped_only_if_its_run_was_deleted_meanwhile(theirs: Run, store: RunStore) -> None:
    (theirs.folder / "status.json").write_text("{")
    with pytest.raises(RunError), run_control.unless_deleted(theirs):
        theirs.status()

    with run_control.unless_deleted(theirs):
        store.delete(theirs.id)
        theirs.status()


def test_a_run_of_an_earlier_version_has_no_control_key(theirs: Run, link: dict[str, Any]) -> None:
    (theirs.folder / "control.key").unlink()
    assert not theirs.has_control_key("")
    (theirs.folder / "control.key").write_text("")
    assert not theirs.has_control_key("")
