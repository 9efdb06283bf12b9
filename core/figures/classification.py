"""Draw a classifier's answers: pure functions from data to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.figure import Figure
from core.figures.squares import add_squares
from core.figures.theme import COLOURS, finish
from core.language import gettext, percent


@dataclass(frozen=True)
class NetworkAnswer:
    """One network's probabilities for one glyph, as a figure needs them."""

    title: str
    family: str
    probabilities: np.ndarray  # one per class


def ranked_probabilities(answers: Sequence[NetworkAnswer], classes: Sequence[str], most: int = 5) -> Figure:
    """Return bars of the most probable classes, the most probable on top, networks side by side."""
    mean = np.mean([answer.probabilities for answer in answers], axis=0)
    shown = np.argsort(mean)[::-1][:most][::-1]
    figure = Figure()
    patterns = ("", "/", ".", "x", "-", "+", "|", "\\") * 4
    # Plotly stacks horizontal bars from below, so the first network is added last to be on top.
    for answer, pattern in reversed(list(zip(answers, patterns, strict=False))):
        figure.add_bar(
            x=100 * answer.probabilities[shown],
            y=[f"{classes[k]} " for k in shown],
            orientation="h",
            name=answer.title,
            marker={"color": COLOURS.get(answer.family, COLOURS["second"]), "pattern": {"shape": pattern}},
            text=[percent(float(p)) for p in answer.probabilities[shown]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title=gettext("Probability (%)"), range=[0, 118], tickvals=[0, 25, 50, 75, 100])
    figure.update_yaxes(type="category", title=None, tickfont={"size": 16}, showgrid=False)
    figure.update_layout(bargap=0.3, barmode="group", legend={"traceorder": "reversed"})
    return finish(figure, height=120 + 22 * most * max(1, len(answers))).update_layout(hovermode="closest")


def confusion_matrix(
    confusion: np.ndarray, classes: Sequence[str], chosen: tuple[int, int] | None = None
) -> Figure:
    """Return a matrix of squares: a row for each true class, a column for each predicted one.

    The shade is the share of the row. ``chosen`` is the row and column of the square that is outlined.
    """
    counts = np.asarray(confusion)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    texts = np.array([f"{n:,}" if n else "" for n in counts.ravel()])
    figure = Figure()
    add_squares(
        figure,
        np.sqrt(share),  # so that a few mistakes among hundreds can be seen
        texts,
        chosen,
        customdata=np.stack([counts.ravel(), 100 * share.ravel()], axis=1),
        hovertemplate=gettext(
            "true %{y}, predicted %{x}<br>images: %{customdata[0]}, %{customdata[1]:.1f}% of the row"
            "<extra></extra>"
        ),
    )
    ticks = {"tickvals": list(range(len(classes))), "ticktext": list(classes), "showgrid": False}
    figure.update_xaxes(title=gettext("Predicted class"), side="bottom", zeroline=False, **ticks)
    figure.update_yaxes(title=gettext("True class"), autorange="reversed", zeroline=False, **ticks)
    return finish(figure, height=90 + 32 * len(classes), legend=False).update_layout(hovermode="closest")
