"""Draw a running training: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from plotly.colors import sample_colorscale

from core.figures.curves import SMOOTHING, Numbers, add_curve
from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.language import N_, counted_percent, gettext

NORMS = {"gradient": N_("Norm of the gradient"), "weights": N_("Norm of the weights")}
VALIDATION = N_("Validation, each epoch")
SMALL = 200  # pixels: the height of a secondary chart


def loss_chart(
    loss: Numbers, epochs: Sequence[tuple[int, float]], family: str, smoothing: float = SMOOTHING
) -> Figure:
    """Return training loss by step, and validation loss (step, loss) at each epoch's end."""
    figure = _by_step()
    add_curve(figure, loss, gettext("Training"), COLOURS[family], smoothing=smoothing)
    _add_epochs(figure, epochs)
    figure.update_yaxes(title=gettext("Cross-entropy loss (nats)"), rangemode="tozero")
    return finish(figure)


def accuracy_chart(
    accuracy: Numbers, epochs: Sequence[tuple[int, float]], family: str, smoothing: float = SMOOTHING
) -> Figure:
    """Return training accuracy by step, and validation accuracy (step, 0 to 1) at each epoch's end."""
    figure = _by_step()
    add_curve(
        figure, 100 * np.asarray(accuracy, float), gettext("Training"), COLOURS[family], smoothing=smoothing
    )
    _add_epochs(figure, [(step, 100 * value) for step, value in epochs])
    figure.update_yaxes(title=gettext("Accuracy (%)"), range=None if len(accuracy) else [0, 100])
    return finish(figure)


def gan_loss_chart(discriminator: Numbers, generator: Numbers, smoothing: float = SMOOTHING) -> Figure:
    """Return both players' losses by step."""
    figure = _by_step()
    add_curve(figure, generator, gettext("Generator"), COLOURS["gan"], smoothing=smoothing)
    add_curve(
        figure, discriminator, gettext("Discriminator"), COLOURS["second"], smoothing=smoothing, dash="dash"
    )
    figure.update_yaxes(title=gettext("Loss (nats)"), rangemode="tozero")
    return finish(figure)


def discriminator_chart(d_real: Numbers, d_fake: Numbers, smoothing: float = SMOOTHING) -> Figure:
    """Return the discriminator's answers to real images, D(x), and generated ones, D(G(z)), by step."""
    figure = _by_step()
    add_curve(figure, d_real, gettext("D(x): real images"), COLOURS["second"], smoothing=smoothing)
    add_curve(
        figure, d_fake, gettext("D(G(z)): generated images"), COLOURS["gan"], smoothing=smoothing, dash="dash"
    )
    figure.add_hline(y=0.5, line={"dash": "dot", "color": COLOURS["muted"], "width": 1})
    figure.update_yaxes(title=gettext("Probability of being real (0 to 1)"), range=[0, 1])
    return finish(figure)


def rate_chart(rates: Mapping[str, Numbers], family: str) -> Figure:
    """Return the learning rate by step; for a GAN, one for each player."""
    figure = _by_step()
    dashes = ("solid", "dash")
    colours = (COLOURS[family], COLOURS["second"])
    for (name, values), colour, dash in zip(rates.items(), colours, dashes, strict=False):
        add_curve(figure, values, name, colour, dash=dash)
    figure.update_yaxes(title=gettext("Learning rate"), rangemode="tozero", exponentformat="power")
    return finish(figure, height=SMALL, legend=len(rates) > 1)


def speed_chart(steps: Numbers, images_per_second: Numbers, family: str) -> Figure:
    """Return the training's images per second, by step."""
    figure = _by_step()
    add_curve(figure, images_per_second, gettext("Speed"), COLOURS[family], x_of_step=steps)
    figure.update_yaxes(title=gettext("Images per second"), rangemode="tozero")
    return finish(figure, height=SMALL, legend=False)


def norms_chart(steps: Numbers, norms: Mapping[str, Numbers], of: str) -> Figure:
    """Return the Euclidean norm of each layer's weights or gradient by step; later layers are lighter."""
    figure = _by_step()
    shades = sample_colorscale("Plasma", np.linspace(0.3, 0.9, max(2, len(norms))))
    for i, ((layer, values), colour) in enumerate(zip(norms.items(), shades, strict=False)):
        dash = ("solid", "dash", "dot", "dashdot")[i % 4]
        add_curve(figure, values, layer, colour, dash=dash, x_of_step=steps)
    for curve in figure.data:
        curve["hovertemplate"], curve["line"]["width"] = "%{y:.3g}", 1.8
    figure.update_yaxes(title=gettext(NORMS[of]), type="log", dtick=1, exponentformat="power")
    rows = -(-len(norms) // 2)
    return finish(figure, height=250 + 19 * rows)


def class_accuracy(confusion: np.ndarray, classes: Sequence[str], family: str) -> Figure:
    """Return each true class's share of images (a row of the confusion matrix) that were read correctly."""
    counts = np.asarray(confusion)
    percent = 100 * np.diag(counts) / np.maximum(counts.sum(axis=1), 1)
    figure = Figure()
    figure.add_bar(
        x=percent,
        y=[f"{name} " for name in classes],
        orientation="h",
        marker={"color": COLOURS[family]},
        text=[counted_percent(value / 100) for value in percent],
        textposition="outside",
        cliponaxis=False,
        customdata=np.diag(counts),
        hovertemplate=gettext("%{y}: %{customdata} correct, %{x:.2f}%<extra></extra>"),
    )
    figure.update_xaxes(title=gettext("Accuracy (%)"), range=[0, 118], tickvals=[0, 25, 50, 75, 100])
    figure.update_yaxes(type="category", autorange="reversed", title=None, showgrid=False)
    height = 90 + 32 * len(classes)  # as the matrix beside it
    return finish(figure, height=height, legend=False).update_layout(bargap=0.25, hovermode="closest")


def sample_classes_chart(seen: Sequence[int], right: Sequence[int] | None, classes: Sequence[str]) -> Figure:
    """Return counts of new samples by the class read; ``right``: how many were asked for that class."""
    expected = sum(seen) / max(1, len(seen))
    figure = Figure()
    names = list(classes)
    if right is None:
        figure.add_bar(x=names, y=list(seen), name=gettext("Read"), marker={"color": COLOURS["gan"]})
    else:
        other = [s - r for s, r in zip(seen, right, strict=True)]
        figure.add_bar(x=names, y=list(right), name=gettext("As asked"), marker={"color": COLOURS["gan"]})
        figure.add_bar(
            x=names, y=other, name=gettext("Asked for another class"),
            marker={"color": COLOURS["second"], "pattern": {"shape": "/"}},
        )  # fmt: skip
    figure.add_hline(y=expected, line={"dash": "dot", "color": COLOURS["muted"], "width": 1})
    figure.update_xaxes(title=gettext("Class that the classifier reads"), type="category")
    figure.update_yaxes(title=gettext("Samples"), rangemode="tozero")
    return finish(figure, height=240, legend=right is not None).update_layout(barmode="stack", bargap=0.25)


def _by_step() -> Figure:
    figure = Figure()
    figure.update_xaxes(title=gettext("Step"), rangemode="tozero")
    return figure


def _add_epochs(figure: Figure, epochs: Sequence[tuple[int, float]]) -> None:
    if epochs:
        steps, values = zip(*epochs, strict=True)
        figure.add_scatter(
            x=steps, y=values, mode="lines+markers", name=gettext(VALIDATION),
            line={"color": COLOURS["second"], "dash": "dot", "width": 2},
            marker={"size": 9, "symbol": "diamond"},
        )  # fmt: skip
