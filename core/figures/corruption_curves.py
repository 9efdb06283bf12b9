"""The chart of robustness: a pure function from courses to a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.explain.robustness import ProbabilityCurve
from core.figures.theme import COLOURS, finish
from core.images.corruptions import Corruption
from core.language import gettext

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def confidence_over_strength(
    courses: Sequence[ProbabilityCurve],
    classes: Sequence[str],
    label: int,
    values: np.ndarray,
    corruption: Corruption,
    now: float,
) -> go.Figure:
    """Probability (%) of a class over a corruption's strengths, a curve for each course.

    A ring where the likeliest class changes; an upright line at the strength that is set now.
    """
    figure = go.Figure()
    for course, dash in zip(courses, DASHES * 8, strict=False):
        percent = 100 * course.probabilities[:, label]
        best = course.probabilities.argmax(axis=1)
        changes = course.changes()
        colour = COLOURS.get(course.family, COLOURS["second"])
        shown = {"color": colour, "dash": dash, "width": 2.5}
        figure.add_scatter(
            x=values,
            y=percent,
            mode="lines",
            name=course.title,
            legendgroup=course.title,
            line=shown,
            customdata=[classes[k] for k in best],
            hovertemplate=gettext("%{y:.1f} %, reads %{customdata}"),
        )
        figure.add_scatter(
            x=values[changes],
            y=percent[changes],
            mode="markers",
            name=course.title,
            legendgroup=course.title,
            showlegend=False,
            hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 11, "color": colour, "line": {"width": 2.5}},
        )
    figure.add_vline(x=now, line={"color": COLOURS["muted"], "width": 2, "dash": "dot"})
    title = gettext(corruption.title)
    if corruption.unit:
        title = gettext("{quantity} ({unit})", quantity=title, unit=gettext(corruption.unit))
    figure.update_xaxes(title=title, range=[corruption.low, corruption.high])
    figure.update_yaxes(title=gettext("Probability of {name} (%)", name=classes[label]), range=[-2, 103])
    return finish(figure, height=330).update_layout(margin={"t": 64})
