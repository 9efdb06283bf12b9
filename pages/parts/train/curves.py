"""Loss, accuracy or beliefs, learning rate and speed, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from core.contract.events import EpochEnd
from core.figures import training as figures
from core.figures.curves import SMOOTHING
from core.runs.report.history import History
from pages.parts.components.chart import chart

Figures = Callable[[str], Sequence[float]]  # by name, one number a step
Shown = tuple[str, str, go.Figure]  # a chart's key, what it is, and itself


def smoothing() -> float:
    """The slider: how much of the past a smoothed curve keeps."""
    return st.slider(
        "Smoothing",
        0.0,
        0.99,
        SMOOTHING,
        help="How much of the past the bold curve keeps, as an exponential moving average; the faint one "
        "is what was measured.",
        width=220,
        key="smoothing",
    )


def show(history: History, family: str, smoothing: float) -> None:
    """The curves of a run, two in a row."""
    step, chunk = (lambda name: history.by_step.get(name, ())), (lambda name: history.by_chunk.get(name, ()))
    if family == "gan":
        shown = _players(step, smoothing)
        rates = {name: step(f"{name.lower()}_learning_rate") for name in ("Generator", "Discriminator")}
    else:
        shown = _classifier(step, history.epochs, family, smoothing)
        rates = {"Learning rate": step("learning_rate")}
    speed = figures.speed_chart(chunk("step"), chunk("images_per_second"), family)
    shown += [
        ("rate", "Learning rate by step", figures.rate_chart(rates, family)),
        ("speed", "Images a second by step", speed),
    ]
    columns = st.columns(2)
    for i, (key, alt, figure) in enumerate(shown):
        with columns[i % 2]:
            chart(figure, key=key, alt=alt)


def _classifier(figure: Figures, epochs: Sequence[EpochEnd], family: str, smoothing: float) -> list[Shown]:
    losses = [(e.step, e.validation_loss) for e in epochs]
    accuracies = [(e.step, e.validation_accuracy) for e in epochs]
    return [
        ("loss", "Loss by step", figures.loss_chart(figure("loss"), losses, family, smoothing)),
        (
            "accuracy",
            "Accuracy by step",
            figures.accuracy_chart(figure("accuracy"), accuracies, family, smoothing),
        ),
    ]


def _players(figure: Figures, smoothing: float) -> list[Shown]:
    losses = figures.gan_loss_chart(figure("discriminator_loss"), figure("generator_loss"), smoothing)
    beliefs = figures.belief_chart(figure("d_real"), figure("d_fake"), smoothing)
    return [("losses", "Both losses by step", losses), ("beliefs", "D(x) and D(G(z)) by step", beliefs)]
