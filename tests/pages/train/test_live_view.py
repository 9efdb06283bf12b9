from __future__ import annotations

import pytest

from core.contract.config import GanConfig
from core.contract.events import (
    EpochEnd,
    Finished,
    GanSteps,
    Preparing,
    Started,
)
from core.messages import Message
from core.runs import Run
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, links, words
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    held,
    points,
    steps,
)


def test_the_page_explains_what_will_be_seen(open_page: OpenPage) -> None:
    assert open_page("train").button(key="start")


@pytest.mark.parametrize(
    "link", ["unknown", "../../etc/passwd", "a b", "<b>x</b>", "-", "x" * 500, "", "%00", "ü"]
)
def test_a_link_to_no_run_is_one_sentence_and_the_form_stands(open_page: OpenPage, link: str) -> None:
    at = open_page("train", run=link)

    assert len(at.error) == (1 if link else 0)
    assert all("There is no run" in error.value for error in at.error)
    assert any(button.key == "start" for button in at.button)


@pytest.mark.parametrize("damage", ["", "{", "null", '{"epochs": -1}', '{"unknown": 1}'])
def test_a_damaged_configuration_is_one_sentence(open_page: OpenPage, finished: Run, damage: str) -> None:
    (finished.folder / "config.json").write_text(damage)

    at = open_page("train", run=finished.id)

    assert len(at.error) == 1


@pytest.mark.parametrize("damage", ["", "[]", '{"state": "dancing"}'])
def test_a_damaged_status_is_one_sentence(open_page: OpenPage, finished: Run, damage: str) -> None:
    (finished.folder / "status.json").write_text(damage)

    at = open_page("train", run=finished.id)

    assert len(at.error) == 1


def test_a_running_run_shows_its_state_progress_and_charts(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(
        STARTED, steps(1, 15), EpochEnd(1, 15, 0.4, 0.9, 3.0), state="running", message="Training."
    )
    with held(run):
        at = open_page("train", run=run.id)

    assert "Running" in words(at)
    assert "Step 15 of 30" in at.get("progress")[0].text
    shown = charts(at)
    assert points(shown["loss"], "Training") == 15
    assert points(shown["accuracy"], "Validation, each epoch") == 1
    assert any(button.label == "Stop" for button in at.button)


def test_a_second_look_shows_what_was_recorded_since(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, steps(1, 10), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        assert points(charts(at)["loss"], "Training") == 10
        run.record.append(steps(11, 20))
        at.run()

    assert not at.exception
    assert points(charts(at)["loss"], "Training") == 20
    assert "Step 20 of 30" in at.get("progress")[0].text


def test_what_goes_on_before_the_first_step_is_told(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(Preparing(Message("Drawing digits"), 0.4), state="starting", message="Drawing digits")
    with held(run):
        at = open_page("train", run=run.id)

    assert at.get("progress")[0].value == 40
    assert "Drawing digits" in words(at) + at.get("progress")[0].text


def test_a_finished_run_shows_accuracy_confusion_and_doors(open_page: OpenPage, finished: Run) -> None:
    finished.bundle.mkdir()

    at = open_page("train", run=finished.id)

    assert "Finished" in words(at)
    assert {metric.label: metric.value for metric in at.metric}["Test accuracy"] == "95.12%"
    assert {"loss", "accuracy", "rate", "speed"} <= set(charts(at))
    assert "classify" in links(at)
    assert not any(button.key == "stop" for button in at.button)


def test_a_finished_gan_leads_to_its_drawings(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(
        Started(1, 1000, 0, 15, 2),
        GanSteps(2, [1.3, 1.2], [0.7, 0.8], [0.5, 0.6], [0.4, 0.3], 200.0, 1.0),
        Finished(2, 1.0),
        config=GanConfig(train_size=1000, epochs=2),
        state="finished",
        message="Finished after 2 steps.",
    )
    run.bundle.mkdir()

    assert "generate" in links(open_page("train", run=run.id))


def test_a_run_stopped_before_its_first_step_shows_no_door(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(state="stopped", message="Stopped before the first step.")

    at = open_page("train", run=run.id)

    assert "Stopped before the first step" in words(at).replace("\\", "")
    assert not {"classify", "generate"} & set(links(at))


def test_a_torn_record_shows_what_is_whole(open_page: OpenPage, finished: Run) -> None:
    with open(finished.folder / "events.jsonl", "ab") as record:
        record.write(b'{"kind": "classifier_steps", "step"')

    at = open_page("train", run=finished.id)

    assert points(charts(at)["loss"], "Training") == 30
