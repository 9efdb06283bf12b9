from __future__ import annotations

import pytest

from core.errors import LabError
from core.language import gettext
from core.messages import Message, message
from core.runs import Control, Run, RunStore
from core.runs.process import launch, queue
from pages.parts.shared import error_messages
from pages.parts.train import controls
from pages.parts.train.controls import STATES
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, charts, numbers, words
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    held,
    lengths,
    steps,
)


def test_a_waiting_run_shows_its_place_in_the_queue(open_page: OpenPage, recorded: MakeRun) -> None:
    first, second = (recorded(state="waiting") for _ in range(2))
    with held(first, second):
        for run in (first, second):
            queue.join(run)
        at = open_page("train", run=second.id)

    assert gettext(STATES["waiting"]) in words(at)
    assert "2" in numbers(words(at))


def test_the_stop_button_asks_for_a_stop_and_a_second_request_is_no_error(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="stop").click().run()
        assert not at.exception
        assert run.control() is Control.STOP

        assert at.button(key="stop").disabled
        run.request(Control.STOP)
        at.run()

    assert not at.exception
    assert not at.error


def test_the_pause_button_pauses_and_then_continues_the_training(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        label = at.button(key="pause").label
        at.button(key="pause").click().run()
        assert run.control() is Control.PAUSE
        assert at.button(key="pause").label != label

        at.button(key="pause").click().run()
        assert run.control() is Control.RUN
        assert at.button(key="pause").label == label


def test_a_paused_run_can_be_continued_by_one_step_or_one_epoch(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 5), state="paused")
    with held(run):
        run.request(Control.PAUSE)
        at = open_page("train", run=run.id)
        for key in ("step", "epoch"):
            at.button(key=key).click().run()
            assert run.control() is Control(key)
    assert not at.exception


def test_the_learning_rate_can_be_changed_during_training(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        at.selectbox(key="rate factor").set_value(0.5).run()
        assert run.requested().rate_factor == 0.5
        assert run.control() is Control.RUN
    assert not at.exception


def test_a_discarded_run_disappears_from_the_page_without_an_error(
    open_page: OpenPage, recorded: MakeRun, store: RunStore
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="discard").click().run()
        assert run.control() is Control.DISCARD
    store.delete(run.id)  # as its worker does
    at.run()
    assert not at.exception


def test_a_run_that_is_deleted_while_it_is_drawn_flashes_no_error(
    open_page: OpenPage, finished: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleted(run: Run, *_: object) -> None:
        store.delete(run.id)
        run.status()

    monkeypatch.setattr(controls, "heading", deleted)
    shown: list[LabError] = []
    monkeypatch.setattr(error_messages, "show_error", shown.append)

    at = open_page("train", run=finished.id)

    assert shown == []
    assert not at.exception
    assert "run" not in at.query_params


def test_a_learning_rate_chosen_after_the_end_of_the_run_is_ignored(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        run.write_status(state="finished", message=message("runs.finished", steps=5))
        at.selectbox(key="rate factor").set_value(0.5).run()

    assert not at.exception
    assert not at.error
    assert run.requested().rate_factor is None


def test_a_pause_does_not_undo_the_stop_of_another_tab(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        run.request(Control.STOP)
        at.button(key="pause").click().run()

    assert not at.exception
    assert run.control() is Control.STOP


def test_a_failed_run_shows_its_error(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, state="failed", message=message("runs.out_of_memory"))

    at = open_page("train", run=run.id)

    assert gettext(STATES["failed"]) in words(at)
    assert as_shown(message("runs.out_of_memory")) in words(at)
    assert at.button(key="start")


def test_a_run_whose_worker_has_died_is_interrupted_and_keeps_its_charts(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 12), state="running")

    at = open_page("train", run=run.id)

    assert run.status().message.key == "runs.interrupted"
    assert as_shown(run.status().message) in words(at)
    assert max(lengths(charts(at)["loss"])) == 12
    assert not any(button.key == "stop" for button in at.button)


def test_a_run_that_gave_its_place_back_is_continued_as_asked(
    open_page: OpenPage, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(launch, "resume", lambda run, control, **_: asked.append(control))
    run = recorded(STARTED, steps(1, 5), state="parked")
    (run.folder / "control.json").write_text('{"control": "pause", "token": "x"}')
    at = open_page("train", run=run.id)
    for key in ("step", "epoch"):
        at.button(key=key).click().run()
    assert asked == [Control.STEP, Control.EPOCH]
    assert not at.exception


def test_an_interrupted_run_can_be_resumed_and_doing_so_again_in_another_tab_is_no_crash(
    open_page: OpenPage, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed = []
    run = recorded(STARTED, steps(1, 12), state="running")
    with monkeypatch.context() as patch:
        patch.setattr(launch, "resume", resumed.append)
        at = open_page("train", run=run.id)
        at.button(key="resume").click().run()
    assert not at.exception
    assert resumed == [run]

    other = open_page("train", run=run.id)
    with held(run):
        other.button(key="resume").click().run()
    assert not other.exception


def test_a_message_cannot_become_markup(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(state="failed", message=Message("<img src=x> **b** [a](javascript:x)"))

    said = words(open_page("train", run=run.id))

    assert "<img" not in said.replace("\\<", "")
    assert "](" not in said.replace("\\]", "")
