from __future__ import annotations

import pytest

from core.messages import Message
from core.runs import Control, RunStore
from core.runs.process import launch, queue
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, words
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    held,
    points,
    steps,
)


def test_a_waiting_run_tells_its_place(open_page: OpenPage, recorded: MakeRun) -> None:
    first, second = (recorded(state="waiting", message="Waiting for its turn.") for _ in range(2))
    with held(first, second):
        for run in (first, second):
            queue.join(run)
        at = open_page("train", run=second.id)

    assert "number 2 in the queue" in words(at)


def test_stop_asks_for_a_stop_and_a_second_press_does_no_harm(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="stop").click().run()
        assert not at.exception
        assert run.control() is Control.STOP

        assert at.button(key="stop").disabled
        assert at.button(key="stop").label == "Stopping"
        run.request(Control.STOP)
        at.run()

    assert not at.exception
    assert not at.error


def test_pause_and_continue_ask_for_just_that(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="pause").click().run()
        assert run.control() is Control.PAUSE
        assert at.button(key="pause").label == "Continue"

        at.button(key="pause").click().run()
        assert run.control() is Control.RUN
        assert at.button(key="pause").label == "Pause"


def test_a_paused_run_is_taken_on_by_a_step_or_an_epoch(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="paused", message="Paused at step 5.")
    with held(run):
        run.request(Control.PAUSE)
        at = open_page("train", run=run.id)
        for key in ("step", "epoch"):
            at.button(key=key).click().run()
            assert run.control() is Control(key)
    assert not at.exception


def test_the_learning_rate_can_be_changed_under_way(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.selectbox(key="rate factor").set_value(0.5).run()
        assert run.requested().rate_factor == 0.5
        assert run.control() is Control.RUN
    assert not at.exception


def test_a_discarded_run_is_gone_from_the_page_without_an_error(
    open_page: OpenPage, recorded: MakeRun, store: RunStore
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="discard").click().run()
        assert run.control() is Control.DISCARD
    store.delete(run.id)  # as its worker does
    at.run()
    assert not at.exception


def test_a_learning_rate_whose_run_has_ended_meanwhile_asks_for_nothing(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        run.write_status(state="finished", message=Message("Finished after 5 steps."))
        at.selectbox(key="rate factor").set_value(0.5).run()

    assert not at.exception
    assert not at.error
    assert run.requested().rate_factor is None


def test_a_pause_does_not_undo_the_stop_of_another_tab(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        run.request(Control.STOP)
        at.button(key="pause").click().run()

    assert not at.exception
    assert run.control() is Control.STOP


def test_a_failed_run_says_why_in_its_sentence(open_page: OpenPage, recorded: MakeRun) -> None:
    why = "The training ran out of memory; choose a smaller batch, network or training set."
    run = recorded(STARTED, state="failed", message=why)

    at = open_page("train", run=run.id)

    assert "Failed" in words(at)
    assert "ran out of memory; choose a smaller batch" in words(at)
    assert any(button.key == "start" for button in at.button)


def test_a_run_whose_worker_has_vanished_is_interrupted_and_its_charts_stand(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 12), state="running", message="Training.")

    at = open_page("train", run=run.id)

    assert run.status().message.key == "runs.interrupted"
    assert escape_markdown(str(run.status().message)) in words(at)
    assert points(charts(at)["loss"], "Training") == 12
    assert not any(button.key == "stop" for button in at.button)


def test_an_interrupted_run_is_resumed_by_a_press_and_a_second_tab_s_press_is_told_in_words(
    open_page: OpenPage, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed = []
    run = recorded(STARTED, steps(1, 12), state="running", message="Training.")
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
    run = recorded(state="failed", message="<img src=x> **b** [a](javascript:x)")

    said = words(open_page("train", run=run.id))

    assert "<img" not in said.replace("\\<", "")
    assert "](" not in said.replace("\\]", "")
