"""Draw a run's curves: loss, accuracy or the discriminator's answers, learning rate, and speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.contract.events import EpochEnd
from core.figures import training as figures
from core.figures.curves import SMOOTHING
from core.figures.figure import Figure
from core.language import gettext
from core.runs.report.history import History
from pages.parts.components.chart import chart

Numbers = Callable[[str], Sequence[float]]  # by name, one number for each step
Shown = tuple[str, str, Figure]  # key, alternative text, and figure


LOGARITHMIC = ("loss", "losses", "rate")  # charts whose values may span powers of ten


def settings() -> tuple[float, bool]:
    """Draw the slider for smoothing and the switch for logarithmic axes; return what they say."""
    return smoothing(), logarithmic()


def logarithmic() -> bool:
    """Draw the switch for logarithmic axes and return whether it is on."""
    return st.toggle(
        gettext("Log scale"),
        key="log scale",
        help=gettext("Losses and learning rates on an axis of powers of ten"),
    )


def smoothing() -> float:
    """Draw the slider for smoothing and return its weight of the past, from 0 to 0.99."""
    return st.slider(
        gettext("Smoothing"),
        0.0,
        0.99,
        SMOOTHING,
        help=gettext(
            "The bold curve is an exponential moving average with this weight of the past; the faint one "
            "shows the measured values."
        ),
        width=220,
        key="smoothing",
    )


def show(history: History, family: str, smoothing: float, logarithmic: bool = False) -> None:
    """Draw the curves of a run, two in a row, losses and rates on logarithmic axes if asked for."""
    step, chunk = (lambda name: history.by_step.get(name, ())), (lambda name: history.by_chunk.get(name, ()))
    if family == "gan":
        shown = _players(step, smoothing)
        rates = {
            gettext("Generator"): step("generator_learning_rate"),
            gettext("Discriminator"): step("discriminator_learning_rate"),
        }
    else:
        shown = _classifier(step, history.epochs, family, smoothing)
        rates = {gettext("Learning rate"): step("learning_rate")}
    speed = figures.speed_chart(chunk("step"), chunk("images_per_second"), family)
    shown += [
        ("rate", gettext("Learning rate by step"), figures.rate_chart(rates, family)),
        ("speed", gettext("Images per second by step"), speed),
    ]
    columns = st.columns(2)
    for i, (key, alt, figure) in enumerate(shown):
        if logarithmic and key in LOGARITHMIC:
            figure.update_yaxes(type="log")
        with columns[i % 2]:
            chart(figure, key=key, alt=alt)


def _classifier(numbers: Numbers, epochs: Sequence[EpochEnd], family: str, smoothing: float) -> list[Shown]:
    losses = [(e.step, e.validation_loss) for e in epochs]
    accuracies = [(e.step, e.validation_accuracy) for e in epochs]
    return [
        ("loss", gettext("Loss by step"), figures.loss_chart(numbers("loss"), losses, family, smoothing)),
        (
            "accuracy",
            gettext("Accuracy by step"),
            figures.accuracy_chart(numbers("accuracy"), accuracies, family, smoothing),
        ),
    ]


def _players(numbers: Numbers, smoothing: float) -> list[Shown]:
    losses = figures.gan_loss_chart(numbers("discriminator_loss"), numbers("generator_loss"), smoothing)
    answers = figures.discriminator_chart(numbers("d_real"), numbers("d_fake"), smoothing)
    return [
        ("losses", gettext("Both losses by step"), losses),
        ("discriminator", gettext("D(x) and D(G(z)) by step"), answers),
    ]
