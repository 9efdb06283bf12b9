from __future__ import annotations

from core.language import gettext
from core.runs import Run, RunStore
from pages.parts.train import run_table
from pages.parts.train.controls import STATES
from tests.pages.conftest import OpenPage
from tests.pages.looks import links
from tests.pages.train.actions import (
    MakeRun,
    start,
)


def test_ticked_runs_are_deleted_and_the_link_to_them_is_cleared(
    open_page: OpenPage, finished: Run, store: RunStore
) -> None:
    at = open_page("train", run=finished.id)
    at.checkbox(key=f"ticked {finished.id}").check().run()
    at.button(key="delete").click().run()

    assert not at.exception
    assert store.list() == []
    assert "run" not in at.query_params
    assert not at.error


def test_a_visitor_finds_their_own_runs_in_a_later_session(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    recorded(state="stopped", visitor="somebody else")
    at = open_page("train")

    assert [box.key for box in at.checkbox] == [f"ticked {finished.id}"]


def test_runs_opened_by_link_are_listed_with_their_result(
    open_page: OpenPage, finished: Run, started: list[Run]
) -> None:
    at = start(open_page("train", run=finished.id))

    label = links(at)["train"].label
    assert gettext(STATES["finished"]) in label
    assert "95.1%" in label


def test_a_run_of_another_visitor_cannot_be_deleted_from_the_table(
    open_page: OpenPage, finished: Run, recorded: MakeRun, store: RunStore
) -> None:
    theirs = recorded(state="stopped", visitor="somebody else")
    at = open_page("train", run=theirs.id)
    for run in (finished, theirs):
        at.checkbox(key=f"ticked {run.id}").check()
    at.run()
    assert run_table.ONLY_OWNERS in [caption.value for caption in at.caption]
    at.button(key="delete").click().run()

    assert store.list() == [theirs]
    assert not at.error
