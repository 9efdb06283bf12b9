"""Figures of single steps of training: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.figures.theme import COLOURS, finish


def gradient_chart(layers: Sequence[str], norms: Sequence[float]) -> go.Figure:
    """The length of the loss's gradient by each layer's weights, the first layer on top."""
    figure = go.Figure(
        go.Bar(
            x=list(norms)[::-1],
            y=[f"{name} " for name in layers][::-1],
            orientation="h",
            marker={"color": COLOURS["cnn"]},
            text=[f"{norm:.2g}" for norm in norms][::-1],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.3g}<extra></extra>",
        )
    )
    figure.update_xaxes(title="Length of the gradient (nats per unit of weight)", rangemode="tozero")
    return finish(figure, height=260, legend=False).update_layout(
        hovermode="closest", margin={"r": 48, "t": 8}
    )


def step_loss_chart(losses: Sequence[float]) -> go.Figure:
    """The mean loss of a batch before each update; with its first steps as points."""
    few = len(losses) <= 50
    figure = go.Figure(
        go.Scatter(
            x=list(range(len(losses))),
            y=list(losses),
            mode="lines+markers" if few else "lines",
            line={"color": COLOURS["cnn"], "width": 2.5},
            hovertemplate="after %{x} updates: %{y:.4g} nats<extra></extra>",
        )
    )
    figure.update_xaxes(title="Updates", rangemode="tozero")
    figure.update_yaxes(title="Mean loss (nats)", rangemode="tozero")
    return finish(figure, legend=False).update_layout(hovermode="closest")
