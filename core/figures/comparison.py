"""Figures of several runs laid over each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures.curves import SMOOTHING, add_curve
from core.figures.theme import finish

# Those of the page's theme, told apart in light and dark; each line has its own dash as well.
PALETTE = ("#6366f1", "#d97706", "#059669", "#db2777", "#0891b2", "#7c3aed", "#65a30d", "#dc2626")
DASHES = ("solid", "dash", "dot", "dashdot")
TITLES = {
    "loss": "Cross-entropy loss (nats)",
    "accuracy": "Accuracy (%)",
    "validation_loss": "Validation loss (nats)",
    "validation_accuracy": "Validation accuracy (%)",
    "discriminator_loss": "Discriminator's loss (nats)",
    "generator_loss": "Generator's loss (nats)",
    "d_real": "D(x): belief in real images (0 to 1)",
    "d_fake": "D(G(z)): belief in generated images (0 to 1)",
    "learning_rate": "Learning rate",
    "generator_learning_rate": "Generator's learning rate",
    "discriminator_learning_rate": "Discriminator's learning rate",
}


def overlay(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    measure: str,
    by_time: bool,
    smoothing: float = SMOOTHING,
) -> go.Figure:
    """A line a run, by name: where on the x axis, and the values of the measure there."""
    figure = go.Figure()
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
    figure.update_xaxes(title="Seconds of training" if by_time else "Step", rangemode="tozero")
    figure.update_yaxes(title=TITLES.get(measure, measure))
    return finish(figure, height=360)
