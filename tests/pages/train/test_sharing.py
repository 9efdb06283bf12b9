from __future__ import annotations

import pytest

from core.runs import Control, Run
from core.visitors import Visitor
from pages.parts.shared import run_control, visitors
from tests.pages.conftest import OpenPage
from tests.pages.train.actions import STARTED, MakeRun, held, steps

ACTING = {"pause", "step", "epoch", "stop", "discard", "resume"}


@pytest.fixture
def running(recorded: MakeRun) -> Run:
    return recorded(STARTED, steps(1, 5), state="running")


def keys(at: object) -> set[str]:
    return {str(button.key) for button in at.button}  # type: ignore[attr-defined]


def test_the_owner_is_offered_both_links_and_a_watcher_only_one(
    open_page: OpenPage, running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(running):
        mine = [code.value for code in open_page("train", run=running.id).code]
        monkeypatch.setattr(visitors, "visitor", lambda: Visitor("another"))
        theirs = [code.value for code in open_page("train", run=running.id).code]

    assert len(mine) == 2
    assert mine[1].endswith(f"?run={running.id}&control={running.control_key()}")
    assert theirs == mine[:1]
    assert running.control_key() not in theirs[0]


def test_a_watcher_gets_the_buttons_that_act_only_through_the_control_link(
    open_page: OpenPage, running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("another"))
    with held(running):
        at = open_page("train", run=running.id)
        assert not keys(at) & ACTING
        assert not any(box.key == "rate factor" for box in at.selectbox)

        at = open_page("train", run=running.id, control=running.control_key())
        assert run_control.LINK not in at.query_params
        at.button(key="pause").click().run()
        assert running.control() is Control.PAUSE
        assert {"pause", "step", "epoch", "stop", "discard"} <= keys(at)
    assert not at.error


def test_a_button_of_a_page_that_was_the_owner_s_does_nothing_for_another_visitor(
    open_page: OpenPage, running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(running):
        at = open_page("train", run=running.id)
        monkeypatch.setattr(visitors, "visitor", lambda: Visitor("another"))
        at.button(key="stop").click().run()
        assert running.control() is Control.RUN

    assert len(at.error) == 1
