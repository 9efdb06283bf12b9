from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.contract import architectures, presets
from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.evaluation import Judged
from core.contract.events import (
    Answers,
    Census,
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Preparing,
    Samples,
    Started,
)
from core.datasets.registry import describe
from core.errors import RunError
from core.messages import Message
from core.runs import Control, Run, RunStore
from core.runs.process import launch, queue
from core.runs.report import run_downloads
from tests.pages.conftest import OpenPage
from tests.pages.looks import captions, charts, links, pictures, words

STEPS = 30
STARTED = Started(93_322, 900, 100, 15, STEPS)
CONFUSION = (np.eye(10, dtype=int) * 19 + 1).tolist()
FINISHED = Finished(STEPS, 6.0, metrics={"test_accuracy": 0.9512, "test_loss": 0.2}, confusion=CONFUSION)

MakeRun = Callable[..., Run]


def _steps(first: int, last: int) -> ClassifierSteps:
    numbers = range(first, last + 1)
    return ClassifierSteps(
        last,
        [2.3 / n for n in numbers],
        [1 - 1 / n for n in numbers],
        [0.001] * len(numbers),
        800.0,
        last / 5,
    )


@pytest.fixture
def recorded(store: RunStore) -> MakeRun:
    """A run as a worker would have left it, with these events and this status."""

    def made(*events: Event, config: TrainingConfig | None = None, **status: Any) -> Run:
        run = store.create(config or ClassifierConfig(train_size=1000, epochs=2))
        for event in events:
            run.record.append(event)
        run.write_status(**{**status, "message": Message(status.get("message", ""))})
        return run

    return made


@pytest.fixture
def finished(recorded: MakeRun) -> Run:
    return recorded(
        STARTED,
        _steps(1, 15),
        EpochEnd(1, 15, 0.4, 0.9, 3.0),
        _steps(16, 30),
        EpochEnd(2, 30, 0.2, 0.95, 6.0),
        FINISHED,
        state="finished",
        message="Finished after 30 steps.",
        metrics=FINISHED.metrics,
    )


@contextmanager
def held(*runs: Run) -> Iterator[None]:
    """The runs as if their workers were alive."""
    locks = [run.lock() for run in runs]
    try:
        yield
    finally:
        for lock in locks:
            lock.release()


def _start(at: AppTest) -> AppTest:
    button = next(button for button in at.button if button.key == "start")
    button.click().run()
    assert not at.exception
    return at


def _look_at(at: AppTest, family: str, view: str) -> AppTest:
    at.button_group(key=f"view {family}").set_value(view).run()
    assert not at.exception
    return at


def _offered(at: AppTest) -> list[str]:
    """What files the page can make."""
    return [button.label for button in at.button if str(button.key).startswith("make ")]


def _make(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def _saves(at: AppTest) -> list[str]:
    """The files that are made."""
    return [button.label for button in at.get("download_button")]


def _points(chart: dict[str, Any], name: str) -> int:
    line = next(line for line in chart["data"] if line.get("name") == name)
    x = line["x"]
    return len(x) if isinstance(x, list) else len(np.frombuffer(_decoded(x), x["dtype"]))


def _decoded(array: dict[str, str]) -> bytes:
    return base64.b64decode(array["bdata"])


# the settings


def test_the_page_explains_what_will_be_seen(open_page: OpenPage) -> None:
    assert open_page("train").button(key="start")


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_each_family_shows_its_architectures_and_settings(open_page: OpenPage, family: str) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value(family).run()

    assert not at.exception
    assert at.selectbox(key=f"{family} architecture").options == [
        a.title for a in architectures.of_family(family)
    ]
    own = {"latent", "generator rate", "discriminator rate"} if family == "gan" else {"learning rate"}
    assert own <= {widget.key for widget in at.selectbox}


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_every_architecture_can_be_started_as_it_stands(
    open_page: OpenPage, started: list[Run], family: str
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value(family).run()
    for architecture in architectures.of_family(family):
        at.selectbox(key=f"{family} architecture").set_value(architecture).run()
        _start(at)

    assert not at.error
    assert [run.config.architecture for run in started] == [a.name for a in architectures.of_family(family)]
    assert {run.config.family for run in started} == {family}


def test_start_makes_a_run_of_exactly_the_chosen_configuration(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value("rnn").run()
    at.selectbox(key="rnn architecture").set_value(architectures.get("gru"))
    at.selectbox(key="drawn:dcgan images").set_value(2_000)
    at.number_input(key="rnn epochs").set_value(4)
    at.selectbox(key="batch size").set_value(32)
    at.selectbox(key="learning rate").set_value(0.005)
    at.selectbox(key="augmentation").set_value("affine")
    at.number_input(key="training seed").set_value(11)
    _start(at)

    assert [run.config for run in started] == [
        ClassifierConfig(
            family="rnn",
            architecture="gru",
            train_size=2_000,
            epochs=4,
            batch_size=32,
            learning_rate=0.005,
            augmentation="affine",
            seed=11,
        )
    ]


def test_start_makes_a_gan_of_exactly_the_chosen_configuration(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value("gan").run()
    at.selectbox(key="generator rate").set_value(0.0005)
    at.selectbox(key="discriminator rate").set_value(0.0002)
    at.selectbox(key="latent").set_value(16)
    at.number_input(key="gan epochs").set_value(2)
    at.selectbox(key="drawn:dcgan images").set_value(1_000)
    _start(at)

    assert [run.config for run in started] == [
        GanConfig(
            train_size=1_000,
            epochs=2,
            latent_size=16,
            generator_learning_rate=0.0005,
            discriminator_learning_rate=0.0002,
        )
    ]


def test_the_link_of_the_page_leads_to_the_run(open_page: OpenPage, started: list[Run]) -> None:
    at = _start(open_page("train"))

    assert at.query_params["run"] in (started[0].id, [started[0].id])
    assert "The tutorial's CNN" in at.subheader[0].value


def test_two_starts_are_two_runs_and_the_first_stays_in_reach(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = _start(_start(open_page("train")))

    assert len({run.id for run in started}) == 2
    assert links(at)["train"].proto.query_string == f"run={started[0].id}"


def test_a_full_lab_says_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(run: Run) -> None:
        raise RunError("The lab is full: 20 runs are waiting; try again in a few minutes.")

    monkeypatch.setattr(launch, "start", full)

    assert "The lab is full" in _start(open_page("train")).error[0].value


# a run's link


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


def test_a_link_to_another_visitor_s_run_says_so_and_shows_it(open_page: OpenPage, store: RunStore) -> None:
    theirs, nobodys = store.create(ClassifierConfig(), visitor="someone"), store.create(ClassifierConfig())

    assert "started in another browser" in words(open_page("train", run=theirs.id))
    assert "started in another browser" not in words(open_page("train", run=nobodys.id))


@pytest.mark.parametrize("damage", ["", "[]", '{"state": "dancing"}'])
def test_a_damaged_status_is_one_sentence(open_page: OpenPage, finished: Run, damage: str) -> None:
    (finished.folder / "status.json").write_text(damage)

    at = open_page("train", run=finished.id)

    assert len(at.error) == 1


@pytest.mark.parametrize("link", ["unknown", "a,b", "../x", ",".join(f"run{n}" for n in range(9))])
def test_a_link_that_compares_runs_that_are_not_there_is_one_sentence(open_page: OpenPage, link: str) -> None:
    at = open_page("train", compare=link)

    assert len(at.error) == 1
    assert any(button.key == "start" for button in at.button)


# several runs


def test_runs_of_a_link_are_laid_over_each_other_with_a_table_and_a_csv(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    other = recorded(
        STARTED, _steps(1, 10), config=ClassifierConfig(epochs=7), state="stopped", message="Stopped."
    )
    at = open_page("train", compare=f"{finished.id},{other.id}")

    names = ["The tutorial's CNN", "The tutorial's CNN (2)"]
    assert [line["name"] for line in charts(at)["overlay"]["data"]] == names
    assert at.dataframe[0].value["Epochs"].tolist() == [2, 7]
    assert at.dataframe[0].value["Steps"].tolist() == [30, 10]
    _make(at, "Metrics (CSV)")
    assert _saves(at) == ["Save comparison.csv"]

    at.selectbox(key="measure").set_value("loss").run()
    assert not at.exception
    assert _points(charts(at)["overlay"], names[1]) == 10
    at.button_group(key="axis").set_value("time").run()
    assert charts(at)["overlay"]["layout"]["xaxis"]["title"]["text"] == "Seconds of training"


def test_ticked_runs_are_compared(open_page: OpenPage, started: list[Run]) -> None:
    at = _start(_start(open_page("train")))
    assert at.button(key="compare").disabled
    for run in started:
        at.checkbox(key=f"ticked {run.id}").check().run()
    at.button(key="compare").click().run()

    assert at.query_params["compare"] in (
        f"{started[1].id},{started[0].id}", [f"{started[1].id},{started[0].id}"],
    )  # fmt: skip
    assert any(sub.value == "Comparison" for sub in at.subheader)


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


def test_a_race_starts_two_runs_on_the_same_images_in_the_same_order(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.toggle(key="race").set_value(True).run()
    at.selectbox(key="rival classifier").set_value(architectures.get("lstm"))
    at.selectbox(key="rival rate").set_value(0.5)
    at.number_input(key="training seed").set_value(9).run()
    next(button for button in at.button if button.key == "start").click().run()

    assert not at.exception
    one, other = (run.config for run in started)
    assert (one.architecture, other.architecture) == ("tutorial", "lstm")
    assert other.learning_rate == pytest.approx(one.learning_rate / 2)
    shared = ("dataset", "train_size", "seed", "batch_size", "epochs", "validation_split")
    assert [getattr(one, name) for name in shared] == [getattr(other, name) for name in shared]
    assert "compare" in at.query_params


def test_of_a_race_that_finds_no_place_nothing_is_left_that_was_not_started(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, store: RunStore
) -> None:
    def full(run: Run) -> None:
        if len(store.list()) > 1:
            raise RunError("The lab is full: 20 runs are waiting; try again in a few minutes.")

    monkeypatch.setattr(launch, "start", full)
    at = open_page("train")
    at.toggle(key="race").set_value(True).run()
    next(button for button in at.button if button.key == "start").click().run()

    assert "The lab is full" in at.error[0].value
    assert len(store.list()) == 1


def test_a_visitor_s_runs_are_theirs_in_a_later_session_too(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    finished.write_status(visitor="me")
    recorded(state="stopped", message="Stopped.", visitor="somebody else")
    at = open_page("home")
    at.session_state["visitor"] = "me"
    if "runs" in at.session_state:  # Home has looked for somebody else's
        del at.session_state["runs"]
    at.switch_page("pages/train.py").run()

    assert [box.key for box in at.checkbox] == [f"ticked {finished.id}"]


# while it runs


def test_a_running_run_shows_its_state_progress_and_charts(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(
        STARTED, _steps(1, 15), EpochEnd(1, 15, 0.4, 0.9, 3.0), state="running", message="Training."
    )
    with held(run):
        at = open_page("train", run=run.id)

    assert "Running" in words(at)
    assert "Step 15 of 30" in at.get("progress")[0].text
    shown = charts(at)
    assert _points(shown["loss"], "Training") == 15
    assert _points(shown["accuracy"], "Validation, each epoch") == 1
    assert any(button.label == "Stop" for button in at.button)


def test_a_second_look_shows_what_was_recorded_since(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, _steps(1, 10), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        assert _points(charts(at)["loss"], "Training") == 10
        run.record.append(_steps(11, 20))
        at.run()

    assert not at.exception
    assert _points(charts(at)["loss"], "Training") == 20
    assert "Step 20 of 30" in at.get("progress")[0].text


def test_what_goes_on_before_the_first_step_is_told(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(Preparing(Message("Drawing digits"), 0.4), state="starting", message="Drawing digits")
    with held(run):
        at = open_page("train", run=run.id)

    assert at.get("progress")[0].value == 40
    assert "Drawing digits" in words(at) + at.get("progress")[0].text


def test_a_waiting_run_tells_its_place(open_page: OpenPage, recorded: MakeRun) -> None:
    first, second = (recorded(state="waiting", message="Waiting for its turn.") for _ in range(2))
    with held(first, second):
        for run in (first, second):
            queue.join(run)
        at = open_page("train", run=second.id)

    assert "number 2 in the queue" in words(at)


def test_a_gan_under_way_shows_both_losses_both_beliefs_and_its_drawings(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(
        Started(1, 1000, 0, 15, 30),
        GanSteps(2, [1.3, 1.2], [0.7, 0.8], [0.5, 0.6], [0.4, 0.3], 200.0, 1.0),
        Samples(2, 1, np.zeros((10, 28, 28, 1), np.uint8)),
        config=GanConfig(train_size=1000, epochs=2),
        state="running",
        message="Training.",
    )
    with held(run):
        at = open_page("train", run=run.id)

        assert "Images that the generator draws from fixed noise" in pictures(at)
        _look_at(at, "gan", "curves")

    shown = charts(at)
    assert _points(shown["losses"], "Generator") == _points(shown["losses"], "Discriminator") == 2
    assert len(shown["discriminator"]["data"]) >= 2


def test_stop_asks_for_a_stop_and_a_second_press_does_no_harm(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
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
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="pause").click().run()
        assert run.control() is Control.PAUSE
        assert at.button(key="pause").label == "Continue"

        at.button(key="pause").click().run()
        assert run.control() is Control.RUN
        assert at.button(key="pause").label == "Pause"


def test_a_paused_run_is_taken_on_by_a_step_or_an_epoch(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, _steps(1, 5), state="paused", message="Paused at step 5.")
    with held(run):
        run.request(Control.PAUSE)
        at = open_page("train", run=run.id)
        for key in ("step", "epoch"):
            at.button(key=key).click().run()
            assert run.control() is Control(key)
    assert not at.exception


def test_the_learning_rate_can_be_changed_under_way(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.selectbox(key="rate factor").set_value(0.5).run()
        assert run.requested().rate_factor == 0.5
        assert run.control() is Control.RUN
    assert not at.exception


def test_a_discarded_run_is_gone_from_the_page_without_an_error(
    open_page: OpenPage, recorded: MakeRun, store: RunStore
) -> None:
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        at.button(key="discard").click().run()
        assert run.control() is Control.DISCARD
    store.delete(run.id)  # as its worker does
    at.run()
    assert not at.exception


def test_what_ends_a_run_early_is_part_of_its_configuration(open_page: OpenPage, started: list[Run]) -> None:
    at = open_page("train")
    at.number_input(key="target accuracy").set_value(99.0)
    at.number_input(key="patience").set_value(2)
    at.number_input(key="time limit").set_value(5.0)
    _start(at)
    config = started[0].config
    assert isinstance(config, ClassifierConfig)
    assert (config.target_accuracy, config.patience, config.time_limit) == (0.99, 2, 300)


def test_a_learning_rate_whose_run_has_ended_meanwhile_asks_for_nothing(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        run.write_status(state="finished", message=Message("Finished after 5 steps."))
        at.selectbox(key="rate factor").set_value(0.5).run()

    assert not at.exception
    assert not at.error
    assert run.requested().rate_factor is None


def test_a_pause_does_not_undo_the_stop_of_another_tab(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(STARTED, _steps(1, 5), state="running", message="Training.")
    with held(run):
        at = open_page("train", run=run.id)
        run.request(Control.STOP)
        at.button(key="pause").click().run()

    assert not at.exception
    assert run.control() is Control.STOP


# what is looked at


def test_before_the_first_epoch_is_over_it_is_said_when_mistakes_will_be_shown(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, _steps(1, 10), state="running", message="Training.")
    with held(run):
        at = _look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert "after the first epoch" in at.info[0].value


def _judged(*answers: tuple[int, int, float]) -> Judged:
    labels, predicted, probability = zip(*answers, strict=True)
    images = np.zeros((len(answers), 28, 28, 1), np.uint8)
    return Judged(images, np.uint8(labels), np.uint8(predicted), np.float32(probability))


def test_the_worst_mistakes_come_first_and_a_cell_shows_its_own(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    confusion = np.zeros((10, 10), int)
    confusion[4, 9], confusion[7, 1], confusion[3, 3] = 2, 1, 5
    behind = _judged((4, 9, 0.8), (4, 9, 0.7), (7, 1, 0.99), (3, 3, 0.4))
    run = recorded(
        STARTED,
        _steps(1, 30),
        Answers(30, 2, "test", confusion.tolist(), behind),
        FINISHED,
        state="finished",
        message="Finished.",
    )
    at = _look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert captions(at) == ["7 as 1: 99%", "4 as 9: 80%", "4 as 9: 70%"]
    assert "5 of 8 test images read correctly" in words(at)
    assert at.selectbox(key="cell").options == [
        "Worst mistakes", "4 read as 9: 2", "7 read as 1: 1", "3 read correctly: 5",
    ]  # fmt: skip
    assert {"confusion test 30", "class accuracy"} <= set(charts(at))

    at.selectbox(key="cell").set_value((3, 3)).run()
    assert captions(at) == ["3: 40%"]
    assert "1 of 5, the lowest probabilities first" in words(at)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04"])
def test_where_the_images_are_gone_the_matrix_stands(
    open_page: OpenPage, recorded: MakeRun, damage: bytes
) -> None:
    run = recorded(
        STARTED, _steps(1, 30), Answers(30, 2, "test", CONFUSION, _judged((0, 1, 0.9))), state="stopped"
    )
    (run.folder / "answers" / "test-00000030.npz").write_bytes(damage)
    at = _look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert "class accuracy" in charts(at)
    assert "have been deleted" in words(at)


def test_the_layers_norms_are_drawn_one_line_each(open_page: OpenPage, recorded: MakeRun) -> None:
    chunk = dataclasses.replace(
        _steps(1, 5), weight_norms={"conv1": 2.0, "logits": 1.0}, gradient_norms={"conv1": 0.1, "logits": 0.2}
    )
    run = recorded(STARTED, chunk, state="stopped", message="Stopped.")
    at = _look_at(open_page("train", run=run.id), "cnn", "layers")

    assert [line["name"] for line in charts(at)["gradient norms "]["data"]] == ["conv1", "logits"]


def test_a_gan_s_slider_goes_back_through_its_drawings_and_follows_the_newest_otherwise(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    drawn = [Samples(step, 0, np.full((10, 28, 28, 1), step, np.uint8)) for step in (0, 20, 40)]
    run = recorded(
        Started(1, 1000, 0, 15, 60),
        *drawn[:2],
        config=GanConfig(train_size=1000, epochs=2),
        state="running",
        message="Training.",
    )
    with held(run):
        at = open_page("train", run=run.id)
        assert captions(at) == ["Drawn from the same noise after step 20"]
        run.record.append(drawn[2])
        at.run()
        assert captions(at) == ["Drawn from the same noise after step 40"]
        at.select_slider(key="drawn").set_value(0).run()
        assert captions(at) == ["Drawn from the same noise after step 0"]
        run.record.append(Samples(50, 0, np.zeros((10, 28, 28, 1), np.uint8)))
        at.run()
        assert captions(at) == ["Drawn from the same noise after step 0"]


def test_a_gan_that_forgot_a_class_is_told_so(open_page: OpenPage, recorded: MakeRun) -> None:
    seen = [20] * 10
    lost = [25, 25, 25, 25, 0, 25, 25, 2, 25, 23]
    run = recorded(
        Started(1, 1000, 0, 15, 60),
        Census(20, "Deep CNN", 200, seen, seen, 0),
        Census(40, "Deep CNN", 200, lost, lost, 0),
        config=GanConfig(train_size=1000, epochs=2),
        state="stopped",
        message="Stopped.",
    )
    at = open_page("train", run=run.id)

    assert "(4, 7)" in at.warning[0].value
    assert "census" in charts(at)


# when it is over


def test_a_finished_run_shows_accuracy_confusion_and_doors(open_page: OpenPage, finished: Run) -> None:
    finished.bundle.mkdir()

    at = open_page("train", run=finished.id)

    assert "Finished" in words(at)
    assert {metric.label: metric.value for metric in at.metric}["Test accuracy"] == "95.12%"
    assert {"loss", "accuracy", "rate", "speed"} <= set(charts(at))
    assert "classify" in links(at)
    assert not any(button.key == "stop" for button in at.button)


def test_a_finished_run_can_be_taken_away(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_downloads, "can_convert_to_onnx", lambda: True)
    finished.bundle.mkdir()
    for name in ("model.keras", "model.tflite"):
        (finished.bundle / name).write_bytes(b"a model")

    at = open_page("train", run=finished.id)

    assert _offered(at) == [
        "Keras", "LiteRT", "SavedModel", "ONNX", "Metrics", "TensorBoard", "Keras script", "Settings",
    ]  # fmt: skip
    assert _saves(at) == []
    for label, name in (("Keras", "model.keras"), ("Metrics", "metrics.csv"), ("Settings", "config.json")):
        _make(at, label)
        assert _saves(at) == [f"Save {name}"]


def test_a_file_is_there_before_it_is_asked_for_so_that_nobody_else_s_page_can_sweep_it_away(
    open_page: OpenPage, finished: Run
) -> None:
    at = _make(open_page("train", run=finished.id), "Settings")

    (button,) = at.get("download_button")
    assert button.proto.url
    assert not button.proto.deferred_file_id


def test_a_file_that_cannot_be_made_is_one_sentence_and_the_others_are_still_to_be_had(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(run: Run, form: str) -> bytes:
        raise RunError("The disk is full; delete runs that are no longer needed.")

    monkeypatch.setattr(run_downloads, "converted", fails)
    at = _make(open_page("train", run=finished.id), "TensorBoard")

    assert [error.value for error in at.error] == [
        "The disk is full; delete runs that are no longer needed\\."
    ]
    assert _saves(at) == []
    _make(at, "Settings")
    assert (len(at.error), _saves(at)) == (0, ["Save config.json"])


def test_where_its_converter_is_not_installed_onnx_is_not_offered(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.bundle.mkdir()
    (finished.bundle / "model.keras").write_bytes(b"a model")
    monkeypatch.setattr(run_downloads, "can_convert_to_onnx", lambda: False)

    offered = _offered(open_page("train", run=finished.id))

    assert "SavedModel" in offered
    assert "ONNX" not in offered


def test_the_settings_of_a_run_are_a_link_that_fills_the_form_in(
    open_page: OpenPage, recorded: MakeRun, started: list[Run]
) -> None:
    config = ClassifierConfig(
        family="rnn",
        architecture="gru",
        train_size=300,
        epochs=7,
        batch_size=48,
        learning_rate=0.0017,
        augmentation="affine",
        weight_average=0.99,
        seed=5,
        target_accuracy=0.9,
        patience=2,
        time_limit=90.0,
    )
    run = recorded(config=config, state="stopped", message="Stopped before the first step.")
    link = next(code.value for code in open_page("train", run=run.id).code if "family=" in code.value)

    at = open_page("train", **dict(parse_qsl(urlsplit(link).query)))
    assert "family" not in at.query_params
    assert "weight average 0.99" in words(at)
    _start(at)

    assert [run.config for run in started] == [config]


def test_a_link_with_settings_that_cannot_be_is_one_sentence_and_the_form_stands(open_page: OpenPage) -> None:
    at = open_page("train", family="cnn", epochs="-3")

    assert "a whole number from 1 to 1,000" in at.error[0].value
    assert any(button.key == "start" for button in at.button)


@pytest.mark.parametrize("dataset", ["mnits", "drawn:nobody", "MNIST"])
def test_a_link_with_an_unknown_data_set_is_one_sentence(open_page: OpenPage, dataset: str) -> None:
    at = open_page("train", family="cnn", dataset=dataset)

    assert len(at.error) == 1
    assert dataset.removeprefix("drawn:") in at.error[0].value
    assert any(button.key == "start" for button in at.button)


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda preset: preset.name)
def test_a_preset_fills_the_form_in(open_page: OpenPage, started: list[Run], preset: presets.Preset) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value(preset.config.family).run()
    at.button(key=f"preset {preset.name}").click().run()
    _start(at)

    wanted = dataclasses.replace(
        preset.config, train_size=preset.config.train_size or describe(preset.config.dataset).train_size
    )
    assert [run.config for run in started] == [wanted]


def test_a_run_that_learnt_nothing_offers_its_configuration_alone(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(state="stopped", message="Stopped before the first step.")

    at = open_page("train", run=run.id)

    assert _offered(at) == ["Settings"]


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
    run = recorded(STARTED, _steps(1, 12), state="running", message="Training.")

    at = open_page("train", run=run.id)

    assert "Interrupted" in words(at)
    assert "cut off" in words(at)
    assert _points(charts(at)["loss"], "Training") == 12
    assert not any(button.key == "stop" for button in at.button)


def test_an_interrupted_run_is_resumed_by_a_press_and_a_second_tab_s_press_is_told_in_words(
    open_page: OpenPage, recorded: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed = []
    monkeypatch.setattr(launch, "resume", resumed.append)
    run = recorded(STARTED, _steps(1, 12), state="running", message="Training.")
    at = open_page("train", run=run.id)
    at.button(key="resume").click().run()
    assert not at.exception
    assert resumed == [run]

    monkeypatch.undo()
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(run.home))
    other = open_page("train", run=run.id)
    with held(run):
        other.button(key="resume").click().run()
    assert not other.exception


def test_a_run_stopped_before_its_first_step_shows_no_door(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(state="stopped", message="Stopped before the first step.")

    at = open_page("train", run=run.id)

    assert "Stopped before the first step" in words(at).replace("\\", "")
    assert not {"classify", "generate"} & set(links(at))


def test_a_message_cannot_become_markup(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(state="failed", message="<img src=x> **b** [a](javascript:x)")

    said = words(open_page("train", run=run.id))

    assert "<img" not in said.replace("\\<", "")
    assert "](" not in said.replace("\\]", "")


def test_a_torn_record_shows_what_is_whole(open_page: OpenPage, finished: Run) -> None:
    with open(finished.folder / "events.jsonl", "ab") as record:
        record.write(b'{"kind": "classifier_steps", "step"')

    at = open_page("train", run=finished.id)

    assert _points(charts(at)["loss"], "Training") == 30


def test_runs_opened_by_link_are_listed_with_their_result(
    open_page: OpenPage, finished: Run, started: list[Run]
) -> None:
    at = _start(open_page("train", run=finished.id))

    label = links(at)["train"].label
    assert "Finished" in label
    assert "95.1%" in label
