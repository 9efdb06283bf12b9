"""Keep how far a visitor has come with the steps of training, and ask the experiment for each step."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.subprocesses import ChildProcess
from pages.parts.shared import experiment

STEPS = ("initialise", "forward", "loss", "backward", "update")  # the experiment's methods, in their order
REPEATED = "repeated"  # the last step, where many were taken in a row
OTHER_LABELS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7])  # of the pictures beside the visitor's
MAX_UPDATES = 2000  # in a row
TARGET_LOSS = 0.001  # nats, below which a row of updates ends: the batch is memorised
_CHUNK = 10  # updates between two looks at them
_KEPT = "steps of training"


@dataclass(frozen=True)
class LessonSetting:
    """The start of a lesson."""

    picture: bytes
    label: int
    seed: int
    optimiser: str  # an id of the experiment's optimisers
    learning_rate: str

    @property
    def images(self) -> np.ndarray:
        """Batch: the visitor's picture and rendered digits, N×28×28 uint8."""
        own = np.frombuffer(self.picture, np.uint8).reshape(1, 28, 28)
        return np.concatenate([own, render(OTHER_LABELS, 7)])

    @property
    def labels(self) -> np.ndarray:
        """Labels of the batch, N."""
        return np.array([self.label, *OTHER_LABELS])


@dataclass(frozen=True)
class Lesson:
    """Progress of a lesson, and the experiment's answers since the last Initialise."""

    setting: LessonSetting
    life: int  # of the experiment that holds the weights
    last: str = STEPS[0]
    updates: int = 0
    losses: tuple[float, ...] = ()  # before each update
    remaining: int = 0  # updates still to be made without a click
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def memorised(self) -> bool:
        """True when the network reads its batch almost without loss."""
        return bool(self.losses) and self.losses[-1] < TARGET_LOSS


def current(setting: LessonSetting) -> Lesson | None:
    """Return the lesson under way, if it began from this setting and its process still lives."""
    lesson = st.session_state.get(_KEPT)
    if lesson is None or lesson.life != experiment.start_count() or lesson.setting != setting:
        return None
    return lesson


def next_step(lesson: Lesson | None) -> str:
    """Return the step whose turn it is; after the last one comes the second."""
    if lesson is None:
        return STEPS[0]
    turn = STEPS.index(lesson.last) + 1 if lesson.last in STEPS else len(STEPS)
    return STEPS[turn] if turn < len(STEPS) else STEPS[1]


def take_step(process: ChildProcess, setting: LessonSetting, lesson: Lesson | None, step: str) -> None:
    """Take one step; Initialise begins another lesson.

    Raises:
        LabError: when the experiment refuses, or its process is gone.
    """
    if step == "initialise":
        answer = process.ask(
            step,
            images=setting.images,
            labels=setting.labels.tolist(),
            seed=setting.seed,
            optimiser=setting.optimiser,
            learning_rate=float(setting.learning_rate),
        )
        lesson = Lesson(setting, experiment.start_count())
    else:
        answer = process.ask(step)
    assert lesson is not None  # the buttons of the other steps are disabled
    _keep(
        dataclasses.replace(
            lesson,
            last=step,
            updates=lesson.updates + (step == "update"),
            losses=(*lesson.losses, answer["loss"]) if step == "loss" else lesson.losses,
            remaining=0,
            answers={**lesson.answers, step: answer},
        )
    )


def repeat(lesson: Lesson, count: int) -> None:
    """Ask for updates in a row, which ``continue_repeating`` makes a few at a time; 0 ends them."""
    _keep(dataclasses.replace(lesson, remaining=count))


def continue_repeating(process: ChildProcess, lesson: Lesson) -> Lesson:
    """Make a few of the updates that were asked for; the last ones where the batch is memorised.

    Raises:
        LabError: when the experiment's process is gone.
    """
    count = min(_CHUNK, lesson.remaining)
    answer = process.ask("repeat", count=count)
    # A step that was begun, up to its loss, is taken again by the first of these.
    losses = lesson.losses[: lesson.updates] + tuple(answer["losses"])
    done = lesson.remaining > 100 and losses[-1] < TARGET_LOSS
    return _keep(
        dataclasses.replace(
            lesson,
            last=REPEATED,
            updates=lesson.updates + count,
            losses=losses,
            remaining=0 if done else lesson.remaining - count,
            answers={**lesson.answers, "forward": {"logits": answer["logits"]}},
        )
    )


def _keep(lesson: Lesson) -> Lesson:
    st.session_state[_KEPT] = lesson
    return lesson
