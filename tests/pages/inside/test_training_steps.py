from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import ExperimentError
from core.images.glyph_links import to_code
from pages.parts.inside.equations import number
from pages.parts.inside.training_lesson import TARGET_LOSS
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.inside.local_experiment import Local
from tests.pages.inside.reading import equations, press
from tests.pages.looks import charts, words

PART = {"part": "training"}
START = "start training_steps"


@pytest.fixture
def begun(training_steps: Any, monkeypatch: pytest.MonkeyPatch) -> list[Local]:
    """The experiments that the page starts, all with the real arithmetic."""
    started: list[Local] = []

    def start(name: str, options: dict[str, Any], **limits: object) -> Local:
        started.append(Local(training_steps, name, options))
        return started[-1]

    monkeypatch.setattr(experiment, "ChildProcess", start)
    return started


def _started(open_page: OpenPage, **query: str) -> AppTest:
    return press(open_page("inside", **PART, **query), START, "step initialise")


def test_the_experiment_starts_only_when_its_button_is_pressed(
    open_page: OpenPage, begun: list[Local]
) -> None:
    at = open_page("inside", **PART)

    assert at.button(key=START)
    assert begun == []


def test_only_the_next_step_can_be_pressed(open_page: OpenPage, begun: list[Local]) -> None:
    at = _started(open_page)

    order = ["forward", "loss", "backward", "update", "forward"]
    for step in order:
        enabled = [b.key for b in at.button if str(b.key).startswith("step ") and not b.disabled]
        assert enabled == ["step initialise", f"step {step}"]
        press(at, f"step {step}")


def test_the_equation_of_each_step_shows_its_numbers(open_page: OpenPage, begun: list[Local]) -> None:
    at = _started(open_page)
    assert "√(6 ÷ (9 + 288))" in equations(at)
    assert "93,322" in equations(at)

    assert re.search(r"3: e \S+ +÷", equations(press(at, "step forward")))
    assert re.search(r"−ln\(0\.\d+\) = +\d\.\d+ +nats", equations(press(at, "step loss")))
    at = press(at, "step backward")
    assert re.search(r"− 1\) ÷ 12 = +−0\.0\d+", equations(at))
    assert charts(at)["steps gradients"]["data"][0]["y"][-1].strip() == "conv1"
    text = equations(press(at, "step update"))
    assert "36,928" in text
    assert re.search(r"0\.001 ×.*÷ √", text)
    assert re.search(r"\*\*1 ", words(at))


def test_sgd_has_its_own_equation_and_its_own_learning_rate(open_page: OpenPage, begun: list[Local]) -> None:
    at = _started(open_page, optimiser="sgd")

    text = equations(press(at, "step forward", "step loss", "step backward", "step update"))

    assert at.selectbox(key="inside rate").value == "0.1"
    assert re.search(r"SGD\s+\S+ − 0\.1 ×", text)


def test_steps_are_repeated_until_the_pictures_are_memorised(open_page: OpenPage, begun: list[Local]) -> None:
    at = _started(open_page, rate="0.003")

    at = press(at, "repeat 10")
    assert re.search(r"\*\*10 ", words(at))
    assert len(charts(at)["steps loss"]["data"][0]["y"]) == 10
    at = press(at, "repeat 2000")

    assert re.search(r"\b12\b.*\b12\b", words(at))
    assert str(TARGET_LOSS) in at.caption[-1].value
    assert "repeat stop" not in [button.key for button in at.button]


def test_a_lesson_starts_over_when_its_setting_changes(open_page: OpenPage, begun: list[Local]) -> None:
    at = press(_started(open_page), "step forward")

    at.number_input(key="inside seed").set_value(5).run()

    assert at.query_params["seed"] == "5"
    assert at.button(key="repeat 10").disabled
    assert len(begun) == 1, "the process is kept"


def test_the_picture_of_the_visitor_is_the_first_of_the_batch_and_may_be_blank(
    open_page: OpenPage, begun: list[Local]
) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    at = press(_started(open_page, drawing=empty, label="4"), "step forward", "step loss")

    assert re.search(r"\b4\b", equations(at))


def test_after_its_process_died_the_experiment_can_be_started_again(
    open_page: OpenPage, begun: list[Local]
) -> None:
    at = press(_started(open_page), "step forward")
    begun[0].alive = False

    at.run()
    assert len(at.warning) == 1
    at = press(at, START, "step initialise", "step forward")

    assert not at.warning
    assert len(begun) == 2


def test_a_warning_is_shown_when_all_places_are_taken(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(name: str, options: dict[str, Any], **limits: object) -> Local:
        raise ExperimentError("subprocesses.all_taken", limit=3)

    monkeypatch.setattr(experiment, "ChildProcess", full)
    at = press(open_page("inside", **PART), START)

    assert len(at.warning) == 1
    assert at.button(key=START)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("seed", "x"), ("label", "12"), ("optimiser", "magic"), ("rate", "2")],
)
def test_an_unknown_value_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, begun: list[Local], key: str, asked: str
) -> None:
    at = open_page("inside", **PART, **{key: asked})

    assert f"“{escape_markdown(asked)}”" in at.info[0].value
    assert at.button(key=START)


def test_a_link_of_an_earlier_version_chooses_the_optimiser(open_page: OpenPage, begun: list[Local]) -> None:
    at = open_page("inside", part="Training", optimiser="SGD", rate="0.03")

    assert at.selectbox(key="inside optimiser").value == "sgd"
    assert at.selectbox(key="inside rate").value == "0.03"
    assert not at.info


def test_large_numbers_are_written_as_powers_of_ten() -> None:
    assert number(381_025_291_727_113) == "3.81×10¹⁴"
    assert number(-2.5e6) == "−2.50×10⁶"
    assert number(536_740) == "536,740"
