"""Show the steps of training: the tutorial's network memorises twelve pictures, one step at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.errors import LabError
from core.figures.step_charts import gradient_chart, step_loss_chart
from core.inside.step_arithmetic import read_correctly
from core.language import N_, gettext, ngettext
from core.subprocesses import ChildProcess
from pages.parts.components.chart import chart
from pages.parts.inside import link_values, step_equations
from pages.parts.inside.equations import number
from pages.parts.inside.picture_batch import batch_html
from pages.parts.inside.picture_choice import guessed_digit, picture
from pages.parts.inside.training_lesson import (
    MAX_UPDATES,
    REPEATED,
    STEPS,
    TARGET_LOSS,
    Lesson,
    LessonSetting,
    continue_repeating,
    current,
    next_step,
    repeat,
    take_step,
)
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import sentence, show_errors

LABELS = {
    "initialise": N_("1 Initialise"),
    "forward": N_("2 Run forward"),
    "loss": N_("3 Compute loss"),
    "backward": N_("4 Run backward"),
    "update": N_("5 Update weights"),
}
REPEATS = {10: N_("Repeat ×10"), 100: N_("Repeat ×100"), MAX_UPDATES: N_("Repeat to end")}
OPTIMISERS = {"adam": "Adam", "sgd": "SGD"}  # proper names, the same in every language
FIRST_RATES = {"adam": "0.001", "sgd": "0.1"}
RATES = ("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3")


def show() -> None:
    """Show the part of the page."""
    glyph = picture()
    st.caption(
        gettext(
            "Take the five steps one at a time and read what each computes. Then repeat them until the "
            "network has memorised its twelve pictures: it reads them better each time, while loss and "
            "gradients shrink."
        )
    )
    _lesson(glyph)


@st.fragment
def _lesson(glyph: np.ndarray) -> None:
    with show_errors():
        setting = _setting(glyph)
        process = experiment.running("training_steps", gettext("Start network"))
        if process is None:
            st.caption(
                gettext(
                    "The network trains in a process of its own, started for you alone. It is the "
                    "tutorial's CNN with 93,322 parameters and has learnt nothing yet. Starting takes a few "
                    "seconds."
                )
            )
            return
        lesson = current(setting)
        if lesson is not None and lesson.remaining:
            with experiment.show_errors():
                lesson = continue_repeating(process, lesson)
        _buttons(process, setting, lesson)
        _batch(setting, lesson)
        if lesson is not None:
            _results(setting, lesson)
            if lesson.remaining:
                experiment.rerun_fragment()


def _setting(glyph: np.ndarray) -> LessonSetting:
    """Return the setting in the link, and show the fields that change it."""
    label = link_values.number("label", 9, guessed_digit(glyph), low=0)
    seed = link_values.number("seed", 9999, 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link_values.number_input(gettext("Your digit"), "label", label, 9, low=0)
        link_values.number_input(gettext("Seed"), "seed", seed, 9999)
        optimiser = link_values.select(
            gettext("Optimiser"), "optimiser", OPTIMISERS, width=130, forgets=("rate",)
        )
        rate = link_values.select(
            gettext("Learning rate"),
            "rate",
            {rate: rate for rate in RATES},
            default=FIRST_RATES[optimiser],
            width=130,
        )
    return LessonSetting(glyph.tobytes(), label, seed, optimiser, rate)


def _buttons(process: ChildProcess, setting: LessonSetting, lesson: Lesson | None) -> None:
    following = next_step(lesson)
    with st.container(horizontal=True):
        for step in STEPS:
            st.button(
                gettext(LABELS[step]),
                key=f"step {step}",
                type="primary" if step == following else "secondary",
                disabled=step not in (following, STEPS[0]),
                on_click=_take_step,
                args=(process, setting, lesson, step),
            )
    with st.container(horizontal=True, vertical_alignment="center"):
        busy = lesson is None or lesson.remaining > 0
        for count, label in REPEATS.items():
            st.button(
                gettext(label), key=f"repeat {count}", disabled=busy, on_click=repeat, args=(lesson, count)
            )
        if lesson is not None and lesson.remaining:
            st.button(
                gettext("Stop"), icon=":material/stop:", key="repeat stop", on_click=repeat, args=(lesson, 0)
            )


def _take_step(process: ChildProcess, setting: LessonSetting, lesson: Lesson | None, step: str) -> None:
    """Take one step before the page is drawn again."""
    try:
        take_step(process, setting, lesson, step)
    except LabError as error:
        st.toast(sentence(error), icon=":material/error:")


def _batch(setting: LessonSetting, lesson: Lesson | None) -> None:
    logits = _logits(lesson)
    st.html(batch_html(setting.images, setting.labels, logits))
    if lesson is None:
        st.caption(
            gettext(
                "These are the twelve pictures. Press **{button}** to draw the network's weights.",
                button=gettext(LABELS["initialise"]),
            )
        )
        return
    parts = [ngettext("**{count:,} update**", "**{count:,} updates**", lesson.updates)]
    if lesson.losses:
        parts.append(gettext("loss {loss} nats", loss=number(lesson.losses[-1])))
    if logits is not None:
        parts.append(
            gettext(
                "{right} of {all} pictures read correctly",
                right=read_correctly(logits, setting.labels),
                all=len(setting.labels),
            )
        )
    st.markdown(" · ".join(parts))


def _logits(lesson: Lesson | None) -> np.ndarray | None:
    answers = lesson.answers if lesson else {}
    return answers.get("forward", {}).get("logits")


def _results(setting: LessonSetting, lesson: Lesson) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _EXPLANATIONS[lesson.last](setting, lesson)
    with right:
        if lesson.losses:
            figure = step_loss_chart(lesson.losses)
            chart(figure, key="steps loss", alt=gettext("Mean loss of the batch by updates"))


def _explain_initialise(setting: LessonSetting, lesson: Lesson) -> None:
    st.html(step_equations.initial_weights(lesson.answers["initialise"]["layers"], setting.seed))


def _explain_forward(setting: LessonSetting, lesson: Lesson) -> None:
    st.html(step_equations.softmax_table(lesson.answers["forward"]["logits"][0], setting.label))


def _explain_loss(setting: LessonSetting, lesson: Lesson) -> None:
    losses = lesson.answers["loss"]["losses"]
    st.html(step_equations.loss_lines(lesson.answers["forward"]["logits"], setting.labels, losses))


def _explain_backward(setting: LessonSetting, lesson: Lesson) -> None:
    norms = lesson.answers["backward"]["norms"]
    figure = gradient_chart([layer["name"] for layer in norms], [layer["norm"] for layer in norms])
    chart(figure, key="steps gradients", alt=gettext("Norm of the gradient by layer"))
    logits = lesson.answers["forward"]["logits"][0]
    st.html(step_equations.gradient_lines(logits, setting.label, len(setting.labels)))


def _explain_update(setting: LessonSetting, lesson: Lesson) -> None:
    answer = lesson.answers["update"]
    st.html(step_equations.loss_change(lesson.losses[-1], answer["loss"]))
    st.html(step_equations.updates_table(answer["layers"]))
    rate = float(setting.learning_rate)
    st.html(step_equations.weight_lines(answer["weight"], setting.optimiser, rate))


def _explain_repeated(setting: LessonSetting, lesson: Lesson) -> None:
    if lesson.remaining:
        st.caption(gettext("Forward, loss, backward, update: the same four steps again and again."))
    elif lesson.memorised:
        st.caption(
            gettext(
                "Memorised: the mean loss is below {loss} nats. That does not mean that the network can "
                "read: twelve pictures say little about the next one.",
                loss=TARGET_LOSS,
            )
        )
    _explain_forward(setting, lesson)


_EXPLANATIONS: dict[str, Callable[[LessonSetting, Lesson], None]] = {
    "initialise": _explain_initialise,
    "forward": _explain_forward,
    "loss": _explain_loss,
    "backward": _explain_backward,
    "update": _explain_update,
    REPEATED: _explain_repeated,
}
