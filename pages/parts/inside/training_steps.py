"""The steps of training: the tutorial's network learns twelve pictures by heart, one step at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.errors import LabError
from core.figures.step_charts import gradient_chart, step_loss_chart
from core.subprocesses import ChildProcess
from pages.parts.components.chart import chart
from pages.parts.inside import link_values, step_equations
from pages.parts.inside.picture_batch import batch
from pages.parts.inside.picture_choice import picture
from pages.parts.shared import experiment, model_picker
from pages.parts.shared.error_messages import escape_markdown, show_errors

STEPS = {  # the methods of the experiment, in their order, and what their buttons say
    "initialise": "1 Initialise",
    "forward": "2 Forward",
    "loss": "3 Loss",
    "backward": "4 Backward",
    "update": "5 Update",
}
OPTIMISERS = {"Adam": "0.001", "SGD": "0.1"}  # each with the learning rate it starts from
RATES = ("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3")
OTHERS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7])  # the labels of the pictures beside the visitor's
CHUNK, LEARNT, MOST = 10, 0.001, 2000  # steps between two looks; nats at which to stop; steps at the most
_KEPT = "steps of training"


@dataclass(frozen=True)
class Setting:
    """What a lesson begins from."""

    picture: bytes
    label: int
    seed: int
    optimiser: str
    rate: str

    @property
    def images(self) -> np.ndarray:
        """The batch: the visitor's picture and rendered digits, N×28×28 uint8."""
        own = np.frombuffer(self.picture, np.uint8).reshape(1, 28, 28)
        return np.concatenate([own, render(OTHERS, 7)])

    @property
    def labels(self) -> np.ndarray:
        """Its labels, N."""
        return np.array([self.label, *OTHERS])


@dataclass(frozen=True)
class Lesson:
    """How far it has come, and what the experiment answered since the last Initialise."""

    setting: Setting
    life: int  # of the experiment that holds the weights
    last: str = "initialise"
    step: int = 0
    losses: tuple[float, ...] = ()  # before each update
    todo: int = 0  # steps still to be taken without a click
    answers: dict[str, Any] = field(default_factory=dict)


def show() -> None:
    """The part of the page."""
    glyph = picture()
    st.caption(
        "Take the five steps one at a time and read what each computes, then let them run until the network "
        "knows its twelve pictures by heart. Look at how the same pictures are read again and again, better "
        "each time, while loss and gradients shrink together."
    )
    _lesson(glyph)


@st.fragment
def _lesson(glyph: np.ndarray) -> None:
    with show_errors():
        setting = _setting(glyph)
        stepper = experiment.running("steps_of_training", "Start the network")
        if stepper is None:
            st.caption(
                "The network trains in a process of its own, made for you alone: the tutorial's CNN with its "
                "93,322 parameters, which knows nothing yet. Starting takes some seconds."
            )
            return
        lesson = _of_now(setting)
        if lesson is not None and lesson.todo:
            with experiment.show_errors():
                lesson = _further(stepper, lesson)
        _buttons(stepper, setting, lesson)
        _look(setting, lesson)
        if lesson is not None and lesson.todo:
            experiment.rerun_fragment()


def _setting(glyph: np.ndarray) -> Setting:
    """What the link says, with the fields to change it."""
    guess = _guess(glyph)
    optimiser = link_values.name("optimiser", list(OPTIMISERS), "this part")
    first = OPTIMISERS[optimiser]
    rate = link_values.name("rate", [first, *(r for r in RATES if r != first)], "this part")
    seed, label = link_values.number("seed", 9999, 1), link_values.number("label", 9, guess, least=0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link_values.number_input("Your picture is a", "label", label, 9, least=0)
        link_values.number_input("Seed", "seed", seed, 9999)
        _choice("Optimiser", "optimiser", list(OPTIMISERS), optimiser, forgets=("rate",))
        _choice("Learning rate", "rate", list(RATES), rate)
    return Setting(glyph.tobytes(), label, seed, optimiser, rate)


def _guess(glyph: np.ndarray) -> int:
    """What a shipped CNN takes the picture for; the visitor may know better."""
    known = model_picker.choices("cnn")
    digits = [choice for choice in known if choice.classes == tuple("0123456789")]
    if not digits:
        return 0
    return int(model_picker.classifier(digits[0]).probabilities(glyph[None])[0].argmax())


def _choice(label: str, key: str, options: list[str], value: str, forgets: tuple[str, ...] = ()) -> None:
    widget = f"inside {key}"

    def take() -> None:
        link_values.forget(*forgets)
        link_values.put(**{key: st.session_state[widget]})

    st.session_state[widget] = value
    st.selectbox(label, options, key=widget, width=130, on_change=take)


def _of_now(setting: Setting) -> Lesson | None:
    """The lesson under way, if it began from this setting and its process still lives."""
    lesson = st.session_state.get(_KEPT)
    if lesson is None or lesson.life != experiment.start_count() or lesson.setting != setting:
        return None
    return lesson


def _buttons(stepper: ChildProcess, setting: Setting, lesson: Lesson | None) -> None:
    order = list(STEPS)
    following = _following(lesson)
    with st.container(horizontal=True):
        for method, title in STEPS.items():
            st.button(
                title,
                key=f"step {method}",
                type="primary" if method == following else "secondary",
                disabled=method not in (following, order[0]),
                on_click=_take,
                args=(stepper, setting, lesson, method),
            )
    with st.container(horizontal=True, vertical_alignment="center"):
        for title, count in (("Again ×10", 10), ("Again ×100", 100), ("Until it stops", MOST)):
            busy = lesson is None or lesson.todo > 0
            st.button(title, key=f"again {count}", disabled=busy, on_click=_run, args=(lesson, count))
        if lesson is not None and lesson.todo:
            st.button("Stop", icon=":material/stop:", key="again stop", on_click=_run, args=(lesson, 0))


def _following(lesson: Lesson | None) -> str:
    """The step whose turn it is: after the last, the second again."""
    if lesson is None:
        return "initialise"
    order = list(STEPS)
    turn = order.index(lesson.last) + 1 if lesson.last in order else len(order)
    return order[turn] if turn < len(order) else order[1]


def _take(stepper: ChildProcess, setting: Setting, lesson: Lesson | None, method: str) -> None:
    """One step, before the page is shown again."""
    try:
        if method == "initialise":
            answer = stepper.ask(
                "initialise",
                images=setting.images,
                labels=setting.labels.tolist(),
                seed=setting.seed,
                optimiser=setting.optimiser,
                learning_rate=float(setting.rate),
            )
            lesson = Lesson(setting, experiment.start_count())
        else:
            answer = stepper.ask(method)
    except LabError as error:
        st.toast(escape_markdown(str(error)), icon=":material/error:")
        return
    assert lesson is not None  # the other buttons are disabled
    losses = (*lesson.losses, answer["loss"]) if method == "loss" else lesson.losses
    st.session_state[_KEPT] = dataclasses.replace(
        lesson,
        last=method,
        step=lesson.step + (method == "update"),
        losses=losses,
        todo=0,
        answers={**lesson.answers, method: answer},
    )


def _run(lesson: Lesson, count: int) -> None:
    """Asks for so many steps in a row, which the page takes a few at a time."""
    st.session_state[_KEPT] = dataclasses.replace(lesson, todo=count)


def _further(stepper: ChildProcess, lesson: Lesson) -> Lesson:
    """A few steps in a row; the last ones where the batch is known by heart."""
    count = min(CHUNK, lesson.todo)
    answer = stepper.ask("again", count=count)
    learnt = lesson.todo > 100 and answer["losses"][-1] < LEARNT
    # A step that was begun, up to its loss, is taken anew by the first of these.
    losses = lesson.losses[: lesson.step] + tuple(answer["losses"])
    made = dataclasses.replace(
        lesson,
        last="again",
        step=lesson.step + count,
        losses=losses,
        todo=0 if learnt else lesson.todo - count,
        answers={**lesson.answers, "forward": {"logits": answer["logits"]}},
    )
    st.session_state[_KEPT] = made
    return made


def _look(setting: Setting, lesson: Lesson | None) -> None:
    answers = lesson.answers if lesson else {}
    logits = answers.get("forward", {}).get("logits")
    st.html(batch(setting.images, setting.labels, logits))
    if lesson is None:
        st.caption("The batch. Press **1 Initialise** to draw the network's weights.")
        return
    st.markdown(_where(setting, lesson, logits))
    left, right = st.columns(2, gap="large")
    with left:
        _EXPLAINED[lesson.last](setting, lesson)
    with right:
        if lesson.losses:
            figure = step_loss_chart(lesson.losses)
            chart(figure, key="steps loss", alt="Mean loss of the batch by updates")


def _where(setting: Setting, lesson: Lesson, logits: np.ndarray | None) -> str:
    parts = [f"**{lesson.step:,} update{'' if lesson.step == 1 else 's'}**"]
    if lesson.losses:
        parts.append(f"loss {step_equations.number(lesson.losses[-1])} nats")
    if logits is not None:
        right = int((logits.argmax(axis=1) == setting.labels).sum())
        parts.append(f"{right} of {len(setting.labels)} pictures read right")
    return " · ".join(parts)


def _initialised(setting: Setting, lesson: Lesson) -> None:
    st.html(step_equations.drawn(lesson.answers["initialise"]["layers"], setting.seed))


def _forward(setting: Setting, lesson: Lesson) -> None:
    st.html(step_equations.softmax_table(lesson.answers["forward"]["logits"][0], setting.label))


def _loss(setting: Setting, lesson: Lesson) -> None:
    answer = lesson.answers["loss"]
    st.html(step_equations.loss(lesson.answers["forward"]["logits"], setting.labels, answer["losses"]))


def _backward(setting: Setting, lesson: Lesson) -> None:
    norms = lesson.answers["backward"]["norms"]
    figure = gradient_chart([n["name"] for n in norms], [n["norm"] for n in norms])
    chart(figure, key="steps gradients", alt="Length of the gradient by layer")
    logits = lesson.answers["forward"]["logits"][0]
    st.html(step_equations.gradient(logits, setting.label, len(setting.labels)))


def _updated(setting: Setting, lesson: Lesson) -> None:
    answer = lesson.answers["update"]
    st.html(step_equations.moves(answer["layers"]))
    st.html(step_equations.weight(answer["weight"], setting.optimiser, float(setting.rate)))


def _repeated(setting: Setting, lesson: Lesson) -> None:
    if lesson.todo:
        st.caption("Forward, loss, backward, update, over and over.")
    elif lesson.losses[-1] < LEARNT:
        st.caption(
            f"Learnt by heart: the mean loss is below {LEARNT} nats. That is memory, not understanding: "
            "twelve pictures say little about the next."
        )
    st.html(step_equations.softmax_table(lesson.answers["forward"]["logits"][0], setting.label))


_EXPLAINED: dict[str, Callable[[Setting, Lesson], None]] = {
    "initialise": _initialised,
    "forward": _forward,
    "loss": _loss,
    "backward": _backward,
    "update": _updated,
    "again": _repeated,
}
