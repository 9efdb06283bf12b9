"""Draw several runs in one chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.figures.curves import SMOOTHING, add_curve
from core.figures.figure import Figure
from core.figures.theme import finish, width_of
from core.language import N_, gettext

# Colours of the page's theme, distinct in light and dark; each line has its own dash as well.
PALETTE = ("#6366f1", "#d97706", "#059669", "#db2777", "#0891b2", "#7c3aed", "#65a30d", "#dc2626")
SMALL = 0.75  # of the size of an axis's title are the letters of parallel axes
LOGARITHMIC = 8  # times as large as the smallest must the largest setting of an axis be
MOST_MARKS = 10  # of a logarithmic axis
DASHES = ("solid", "dash", "dot", "dashdot")
TITLES = {
    "loss": N_("Cross-entropy loss (nats)"),
    "accuracy": N_("Accuracy (%)"),
    "validation_loss": N_("Validation loss (nats)"),
    "validation_accuracy": N_("Validation accuracy (%)"),
    "discriminator_loss": N_("Discriminator loss (nats)"),
    "generator_loss": N_("Generator loss (nats)"),
    "d_real": N_("D(x): probability given to real images (0 to 1)"),
    "d_fake": N_("D(G(z)): probability given to generated images (0 to 1)"),
    "learning_rate": N_("Learning rate"),
    "generator_learning_rate": N_("Generator learning rate"),
    "discriminator_learning_rate": N_("Discriminator learning rate"),
}


def overlay(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    measure: str,
    by_time: bool,
    smoothing: float = SMOOTHING,
) -> Figure:
    """Return a line for each run: positions on the x axis, and values of the measure there, by name."""
    figure = Figure()
    for i, (name, (x, y)) in enumerate(curves.items()):
        colour, dash = PALETTE[i % len(PALETTE)], DASHES[i % len(DASHES)]
        values = 100 * y if measure.endswith("accuracy") else y
        if measure.startswith("validation"):
            figure.add_scatter(
                x=x, y=values, mode="lines+markers", name=name,
                line={"color": colour, "width": 2, "dash": dash}, marker={"size": 8},
            )  # fmt: skip
        else:
            weight = 0.0 if measure.endswith("rate") else smoothing
            add_curve(figure, values, name, colour, smoothing=weight, dash=dash, x_of_step=x)
    figure.update_xaxes(
        title=gettext("Seconds of training") if by_time else gettext("Step"), rangemode="tozero"
    )
    figure.update_yaxes(title=gettext(TITLES[measure]))
    return finish(figure, height=360)


def parallel_coordinates(rows: Sequence[Mapping[str, float | str]], titles: Mapping[str, str]) -> Figure:
    """Return a line for each row through parallel axes, one for each title; the last one gives the colour.

    Texts become places on their axis, in the order of the alphabet. Numbers of different sizes become their
    logarithms, if there are only a few.
    """
    axes = {name: _axis([row[name] for row in rows], title) for name, title in titles.items()}
    first, *_, last = axes.values()
    names = SMALL * max(map(width_of, first.get("ticktext", [""])))
    title = SMALL * width_of(last["label"])
    figure = Figure()
    figure.add_parallel_coordinates(
        dimensions=list(axes.values()),
        labelangle=-30,  # so that long titles do not cover each other on phones
        line={"color": last["values"], "colorscale": [[0, PALETTE[1]], [1, PALETTE[0]]]},
    )
    return finish(figure, height=360, legend=False).update_layout(
        margin={"l": max(60, 10 + round(names)), "r": max(60, round(title)), "t": 100, "b": 24}
    )


def _axis(values: Sequence[float | str], title: str) -> dict[str, Any]:
    if not any(isinstance(value, str) for value in values):
        return {"label": title, **_numbers([float(value) for value in values])}
    names = sorted({str(value) for value in values})
    places = [float(names.index(str(value))) for value in values]
    return {"label": title, "values": places, "tickvals": [*range(len(names))], "ticktext": names}


def _numbers(values: Sequence[float]) -> dict[str, Any]:
    """Return the places of numbers on an axis, with marks at each of them where it is logarithmic."""
    marks = sorted(set(values))
    if len(marks) > MOST_MARKS or marks[0] <= 0 or marks[-1] < LOGARITHMIC * marks[0]:
        return {"values": list(values)}
    return {
        "values": [math.log10(value) for value in values],
        "tickvals": [math.log10(mark) for mark in marks],
        "ticktext": [f"{mark:,g}" for mark in marks],
    }
