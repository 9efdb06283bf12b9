"""Figures of a training under way: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import plotly.graph_objects as go

from core.figures.theme import COLOURS, finish

Numbers: TypeAlias = Sequence[float] | np.ndarray

POINTS = 400  # more cannot be told apart on a screen, and slow a live chart down


def reduced(values: Numbers, points: int = POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Steps and values with at most ``points`` entries: the means of equal stretches, for drawing only."""
    y = np.asarray(values, float)
    if len(y) <= points:
        return np.arange(1, len(y) + 1), y
    edges = np.linspace(0, len(y), points + 1).astype(int)
    means = np.add.reduceat(y, edges[:-1]) / np.diff(edges)
    return (edges[:-1] + edges[1:] + 1) / 2, means


def smoothed(values: Numbers, weight: float) -> np.ndarray:
    """The exponential moving average with this weight of the past (0: none), without its bias to the start.

    As TensorBoard's smoothing slider computes it.
    """
    y = np.asarray(values, float)
    if not weight or not len(y):
        return y
    out, last = np.empty_like(y), 0.0
    for i, value in enumerate(y):
        last = last * weight + (1 - weight) * value
        out[i] = last / (1 - weight ** (i + 1))
    return out


def loss_chart(
    loss: Sequence[float], epochs: Sequence[tuple[int, float]], family: str, smoothing: float = 0.6
) -> go.Figure:
    """Training loss by step, and validation loss (step, loss) at each epoch's end."""
    figure = _by_step(loss, "Training", COLOURS[family], smoothing)
    _add_epochs(figure, epochs)
    figure.update_yaxes(title="Cross-entropy loss (nats)", rangemode="tozero")
    return finish(figure)


def accuracy_chart(
    accuracy: Sequence[float], epochs: Sequence[tuple[int, float]], family: str, smoothing: float = 0.6
) -> go.Figure:
    """Training accuracy by step, and validation accuracy (step, accuracy 0 to 1) at each epoch's end."""
    figure = _by_step(100 * np.asarray(accuracy, float), "Training", COLOURS[family], smoothing)
    _add_epochs(figure, [(step, 100 * value) for step, value in epochs])
    figure.update_yaxes(title="Accuracy (%)")
    return finish(figure)


def gan_loss_chart(discriminator: Sequence[float], generator: Sequence[float]) -> go.Figure:
    """Both players' losses by step."""
    figure = _by_step(generator, "Generator", COLOURS["gan"], 0.6)
    _add_line(figure, discriminator, "Discriminator", COLOURS["second"], 0.6, "dash")
    figure.update_yaxes(title="Loss (nats)", rangemode="tozero")
    return finish(figure)


def belief_chart(d_real: Sequence[float], d_fake: Sequence[float]) -> go.Figure:
    """How real the discriminator finds real images, D(x), and generated ones, D(G(z)), by step."""
    figure = _by_step(d_real, "D(x): real images", COLOURS["second"], 0.6)
    _add_line(figure, d_fake, "D(G(z)): generated images", COLOURS["gan"], 0.6, "dash")
    figure.add_hline(y=0.5, line={"dash": "dot", "color": COLOURS["muted"], "width": 1})
    figure.update_yaxes(title="Belief that it is real (0 to 1)", range=[0, 1])
    return finish(figure)


def _by_step(values: Numbers, name: str, colour: str, smoothing: float) -> go.Figure:
    figure = go.Figure()
    _add_line(figure, values, name, colour, smoothing, "solid")
    figure.update_xaxes(title="Step", rangemode="tozero")
    return figure


def _add_line(
    figure: go.Figure,
    values: Numbers,
    name: str,
    colour: str,
    smoothing: float,
    dash: str,
) -> None:
    steps, means = reduced(values)
    if smoothing:
        figure.add_scatter(
            x=steps, y=means, mode="lines", line={"color": colour, "width": 1}, opacity=0.25,
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_scatter(x=steps, y=smoothed(means, smoothing), mode="lines", name=name, line=line)


def _add_epochs(figure: go.Figure, epochs: Sequence[tuple[int, float]]) -> None:
    if epochs:
        steps, values = zip(*epochs, strict=True)
        figure.add_scatter(
            x=steps, y=values, mode="lines+markers", name="Validation, each epoch",
            line={"color": COLOURS["second"], "dash": "dot", "width": 2},
            marker={"size": 9, "symbol": "diamond"},
        )  # fmt: skip
