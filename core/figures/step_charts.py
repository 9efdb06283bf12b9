"""Draw single steps of training: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence

from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.language import gettext


def gradient_chart(layers: Sequence[str], norms: Sequence[float]) -> Figure:
    """Return the norm of the loss's gradient with respect to each layer's weights, the first layer on top."""
    figure = Figure()
    figure.add_bar(
        x=list(norms)[::-1],
        y=[f"{name} " for name in layers][::-1],
        orientation="h",
        marker={"color": COLOURS["cnn"]},
        text=[f"{norm:.2g}" for norm in norms][::-1],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.3g}<extra></extra>",
    )
    figure.update_xaxes(title=gettext("Norm of the gradient (nats per unit of weight)"), rangemode="tozero")
    return finish(figure, height=260, legend=False).update_layout(
        hovermode="closest", margin={"r": 48, "t": 8}
    )


def step_loss_chart(losses: Sequence[float]) -> Figure:
    """Return the mean loss of a batch before each update; few steps are also drawn as points."""
    few = len(losses) <= 50
    figure = Figure()
    figure.add_scatter(
        x=list(range(len(losses))),
        y=list(losses),
        mode="lines+markers" if few else "lines",
        line={"color": COLOURS["cnn"], "width": 2.5},
        cliponaxis=False,
        hovertemplate=gettext("after %{x} updates: %{y:.4g} nats<extra></extra>"),
    )
    figure.update_xaxes(title=gettext("Updates"), rangemode="tozero")
    figure.update_yaxes(title=gettext("Mean loss (nats)"), rangemode="tozero")
    return finish(figure, legend=False).update_layout(hovermode="closest")
