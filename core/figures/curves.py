"""Reduce and smooth the curves of a training for drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from core.figures.figure import Figure

Numbers: TypeAlias = Sequence[float] | np.ndarray

POINTS = 400  # more cannot be distinguished on a screen, and slow down a live chart
SMOOTHING = 0.6  # weight of the past, unless the visitor says otherwise


def reduced(values: Numbers, points: int = POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return steps and values with at most ``points`` entries: means of equal stretches, for drawing only."""
    y = np.asarray(values, float)
    if len(y) <= points:
        return np.arange(1, len(y) + 1), y
    edges = np.linspace(0, len(y), points + 1).astype(int)
    means = np.add.reduceat(y, edges[:-1]) / np.diff(edges)
    return (edges[:-1] + edges[1:] + 1) / 2, means


def extremes(values: Numbers, points: int = POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return steps and values with at most ``points`` entries: the extremes of each stretch.

    No peak is lost, so that the raw curve looks as if every step were drawn.
    """
    y = np.asarray(values, float)
    if len(y) <= points:
        return np.arange(1, len(y) + 1), y
    width = -(-len(y) // (points // 2))
    padded = np.pad(y, (0, -len(y) % width), mode="edge").reshape(-1, width)
    both = np.sort(np.stack([padded.argmin(axis=1), padded.argmax(axis=1)], axis=1), axis=1)
    places = np.minimum((both + width * np.arange(len(padded))[:, None]).ravel(), len(y) - 1)
    return places + 1, y[places]


def smoothed(values: Numbers, weight: float) -> np.ndarray:
    """Return the exponential moving average with this weight of the past (0: none), corrected for bias.

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


def add_curve(
    figure: Figure,
    values: Numbers,
    name: str,
    colour: str,
    *,
    smoothing: float = 0.0,
    dash: str = "solid",
    x_of_step: Numbers | None = None,
) -> None:
    """Draw a smoothed line of one number for each step over a faint line of the raw values.

    ``x_of_step``: each value's position on the x axis, if that is not its number in the sequence.
    """
    where = None if x_of_step is None else np.asarray(x_of_step, float)

    def x(steps: np.ndarray) -> np.ndarray:
        return (
            steps
            if where is None or not len(where)
            else np.interp(steps, np.arange(1, len(where) + 1), where)
        )

    if smoothing:
        steps, raw = extremes(values)
        figure.add_scatter(
            x=x(steps), y=raw, mode="lines", line={"color": colour, "width": 1}, opacity=0.25,
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    steps, means = reduced(values)
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_scatter(x=x(steps), y=smoothed(means, smoothing), mode="lines", name=name, line=line)
