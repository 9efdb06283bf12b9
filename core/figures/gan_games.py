"""Curves of a contest between generator and discriminator: pure functions from numbers to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.theme import COLOURS, finish

Past = Sequence[Mapping[str, float]]  # what is known after some turns, one point after the other

HEIGHT = 230
DASHES = ("solid", "dash", "dot", "dashdot")
LINES = (COLOURS["second"], COLOURS["gan"], COLOURS["cnn"], COLOURS["rnn"])


def losses(past: Past) -> go.Figure:
    """Both players' losses by the number of turns that were taken."""
    curves = {
        "Loss of D": [point["discriminator_loss"] for point in past],
        "Loss of G": [point["generator_loss"] for point in past],
    }
    return _curves([point["turns"] for point in past], curves, "Loss (of one batch)")


def shares(past: Past, names: Mapping[str, str], title: str) -> go.Figure:
    """Shares (0 to 1, drawn in per cent) by turns: what a point calls them, and what the visitor does."""
    curves = {shown: [100 * point[name] for point in past] for name, shown in names.items()}
    figure = _curves([point["turns"] for point in past], curves, title)
    figure.update_yaxes(range=[-2, 102])
    return figure


def _curves(turns: Sequence[float], curves: Mapping[str, Sequence[float]], title: str) -> go.Figure:
    figure = go.Figure()
    for (name, values), colour, dash in zip(curves.items(), LINES, DASHES, strict=False):
        line = {"color": colour, "width": 2, "dash": dash}
        figure.add_scatter(x=turns, y=values, mode="lines", name=name, line=line)
    figure.update_xaxes(title="Turns of both players", rangemode="tozero")
    figure.update_yaxes(title=title)
    return finish(figure, height=HEIGHT, legend=len(curves) > 1)
