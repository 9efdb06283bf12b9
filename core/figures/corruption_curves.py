"""Draw how probabilities change with the strength of a corruption: a pure function to a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.explain.robustness import ProbabilityCurve
from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.images.corruptions import Corruption
from core.language import gettext, percent

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def probability_over_strength(
    curves: Sequence[ProbabilityCurve],
    titles: Sequence[str],
    classes: Sequence[str],
    label: int,
    values: np.ndarray,
    corruption: Corruption,
    now: float,
) -> Figure:
    """Return the probability (%) of a class over a corruption's strengths, a curve for each network.

    Rings mark where the likeliest class changes; a vertical line marks the strength that is set now.
    """
    figure = Figure()
    for curve, title, dash in zip(curves, titles, DASHES * 8, strict=False):
        shares = 100 * curve.probabilities[:, label]
        best = curve.probabilities.argmax(axis=1)
        changes = curve.changes()
        colour = COLOURS.get(curve.family, COLOURS["second"])
        shown = {"color": colour, "dash": dash, "width": 2.5}
        figure.add_scatter(
            x=values,
            y=shares,
            mode="lines",
            name=title,
            legendgroup=title,
            line=shown,
            customdata=[classes[k] for k in best],
            text=[percent(float(p)) for p in curve.probabilities[:, label]],
            hovertemplate=gettext("%{text}, reads %{customdata}"),
        )
        figure.add_scatter(
            x=values[changes],
            y=shares[changes],
            mode="markers",
            name=title,
            legendgroup=title,
            showlegend=False,
            hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 11, "color": colour, "line": {"width": 2.5}},
        )
    figure.add_vline(x=now, line={"color": COLOURS["muted"], "width": 2, "dash": "dot"})
    quantity = gettext(corruption.title)
    if corruption.unit:
        quantity = gettext("{quantity} ({unit})", quantity=quantity, unit=corruption.unit)
    figure.update_xaxes(title=quantity, range=[corruption.low, corruption.high])
    figure.update_yaxes(title=gettext("Probability of {name} (%)", name=classes[label]), range=[-2, 103])
    return finish(figure, height=330).update_layout(margin={"t": 64})
