from __future__ import annotations

import shutil

import pytest

from core.contract.config import GanConfig
from core.contract.events import (
    EpochEnd,
    Finished,
    GanSteps,
    Preparing,
    Started,
)
from core.language import gettext
from core.messages import message
from core.runs import Run
from core.runs.store.status import Status
from pages.parts.train.controls import STATES
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, charts, links, numbers, words
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    held,
    lengths,
    steps,
)


def test_without_a_run_the_page_shows_an_introduction_and_the_form(open_page: OpenPage) -> None:
    at = open_page("train")

    assert at.button(key="start")
    assert at.markdown


@pytest.mark.parametrize(
    "link", ["unknown", "../../etc/passwd", "a b", "<b>x</b>", "-", "x" * 500, "", "%00", "ü"]
)
def test_a_link_to_a_missing_run_shows_one_error_and_the_form(open_page: OpenPage, link: str) -> None:
    at = open_page("train", run=link)

    missing = as_shown(message("runs.missing", id=link[:64]))
    assert [error.value for error in at.error] == ([missing] if link else [])
    assert at.button(key="start")


@pytest.mark.parametrize("damage", ["", "{", "null", '{"epochs": -1}', '{"unknown": 1}'])
def test_a_damaged_configuration_shows_one_error(open_page: OpenPage, finished: Run, damage: str) -> None:
    (finished.folder / "config.json").write_text(damage)

    at = open_page("train", run=finished.id)

    assert len(at.error) == 1


@pytest.mark.parametrize("damage", ["", "[]", '{"state": "dancing"}'])
def test_a_damaged_status_shows_one_error(open_page: OpenPage, finished: Run, damage: str) -> None:
    (finished.folder / "status.json").write_text(damage)

    at = open_page("train", run=finished.id)

    assert len(at.error) == 1


def test_a_running_run_shows_its_state_progress_and_charts(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 15), EpochEnd(1, 15, 0.4, 0.9, 3.0), state="running")
    with held(run):
        at = open_page("train", run=run.id)

    assert gettext(STATES["running"]) in words(at)
    assert numbers(at.get("progress")[0].text)[:2] == ["15", "30"]
    shown = charts(at)
    assert max(lengths(shown["loss"])) == 15
    assert 1 in lengths(shown["accuracy"])  # of the validation, each epoch
    assert at.button(key="stop")


def test_a_refresh_shows_the_steps_recorded_since_the_last_one(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 10), state="running")
    with held(run):
        at = open_page("train", run=run.id)
        assert max(lengths(charts(at)["loss"])) == 10
        run.record.append(steps(11, 20))
        at.run()

    assert not at.exception
    assert max(lengths(charts(at)["loss"])) == 20
    assert numbers(at.get("progress")[0].text)[:2] == ["20", "30"]


def test_the_preparation_before_the_first_step_is_shown(open_page: OpenPage, recorded: MakeRun) -> None:
    drawing = message("datasets.drawing", total=1000)
    run = recorded(Preparing(drawing, 0.4), state="starting")
    with held(run):
        at = open_page("train", run=run.id)

    assert at.get("progress")[0].value == 40
    assert at.get("progress")[0].text == as_shown(drawing)


def test_a_finished_run_shows_its_accuracy_its_charts_and_a_door_to_classify(
    open_page: OpenPage, finished: Run
) -> None:
    finished.bundle.mkdir()

    at = open_page("train", run=finished.id)

    assert gettext(STATES["finished"]) in words(at)
    assert [metric.value for metric in at.metric] == ["95.12%"]
    assert {"loss", "accuracy", "rate", "speed"} <= set(charts(at))
    assert any(button.key == "read with run" for button in at.button)
    assert not any(button.key == "stop" for button in at.button)


def test_a_network_that_learnt_nothing_says_so(open_page: OpenPage, recorded: MakeRun) -> None:
    one_class = [[100] + [0] * 9 for _ in range(10)]
    metrics = {"test_accuracy": 0.1, "test_loss": 2.31}
    run = recorded(
        STARTED, steps(1, 30), Finished(30, 6.0, metrics=metrics, confusion=one_class), state="finished"
    )

    at = open_page("train", run=run.id)

    (warning,) = at.warning
    assert "10.0%" in warning.value


def test_a_finished_gan_has_a_link_to_generate(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(
        Started(1, 1000, 0, 15, 2),
        GanSteps(2, [1.3, 1.2], [0.7, 0.8], [0.5, 0.6], [0.4, 0.3], 200.0, 1.0),
        Finished(2, 1.0),
        config=GanConfig(train_size=1000, epochs=2),
        state="finished",
    )
    run.bundle.mkdir()

    assert "generate" in links(open_page("train", run=run.id))


def test_a_run_stopped_before_its_first_step_has_no_link_to_other_pages(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(state="stopped", message=message("runs.stopped_early"))

    at = open_page("train", run=run.id)

    assert as_shown(message("runs.stopped_early")) in words(at)
    assert "generate" not in links(at)
    assert not any(button.key == "read with run" for button in at.button)


def test_a_torn_last_line_of_the_record_is_ignored(open_page: OpenPage, finished: Run) -> None:
    with open(finished.folder / "events.jsonl", "ab") as record:
        record.write(b'{"kind": "classifier_steps", "step"')

    at = open_page("train", run=finished.id)

    assert max(lengths(charts(at)["loss"])) == 30


@pytest.mark.parametrize("place", [2, 4, 6])
def test_a_run_that_its_worker_deletes_during_a_refresh_leaves_without_an_error(
    open_page: OpenPage, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    run = recorded(STARTED, steps(1, 5), state="running")
    with held(run):
        at = open_page("train", run=run.id)
    read, calls = Run.status, 0

    def read_or_delete(asked: Run) -> Status:
        nonlocal calls
        calls += 1
        if calls == place:
            shutil.rmtree(asked.folder)
        return read(asked)

    monkeypatch.setattr(Run, "status", read_or_delete)
    at.run()

    assert calls >= place, "it was deleted"
    assert not at.error
    assert not at.exception
    assert "run" not in at.query_params
