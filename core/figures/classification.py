"""Draw a classifier's answers: pure functions from data to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.figure import Figure
from core.figures.theme import COLOURS, INK, SEQUENTIAL, finish
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
    figure.update_yaxes(type="category", title=None, tickfont={"size": 16})
    figure.update_layout(bargap=0.3, barmode="group", legend={"traceorder": "reversed"})
    return finish(figure, height=120 + 22 * most * max(1, len(answers))).update_layout(hovermode="closest")


def confusion_matrix(confusion: np.ndarray, classes: Sequence[str], theme: str | None = None) -> Figure:
    """Return a matrix of squares: a row for each true class, a column for each predicted one.

    The shade is the share of the row.

    Counts on half-dark squares need a stronger colour than the grey that Streamlit gives to charts: that of
    the page's text, if its ``theme`` ("light" or "dark") is known.

    Scatter markers rather than a heat map, because Streamlit reports clicks on markers only.
    """
    counts = np.asarray(confusion)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows, columns = np.indices(counts.shape)
    texts = np.array([f"{n:,}" if n else "" for n in counts.ravel()])
    dark = share.ravel() > 0.8  # white text is legible on these, the colour of text on the others
    figure = Figure()
    figure.add_scatter(
        x=columns.ravel(),
        y=rows.ravel(),
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": 26,
            "color": np.sqrt(share).ravel(),  # so that a few mistakes among hundreds can be seen
            "colorscale": SEQUENTIAL,
            "cmin": 0,
            "cmax": 1,
        },
        text=np.where(dark, texts, ""),
        textfont={"size": 11, "color": "white"},
        # Without these a click makes the other squares pale, and their numbers with them.
        selected={"marker": {"size": 32}, "textfont": {"color": "white"}},
        unselected={"marker": {"opacity": 1}},
        customdata=np.stack([counts.ravel(), 100 * share.ravel()], axis=1),
        hovertemplate=gettext(
            "true %{y}, predicted %{x}<br>images: %{customdata[0]}, %{customdata[1]:.1f} % of the row"
            "<extra></extra>"
        ),
    )
    figure.add_scatter(
        x=columns.ravel(),
        y=rows.ravel(),
        mode="text",
        text=np.where(dark, "", texts),
        textfont={"size": 12, "weight": 700, "color": INK.get(theme or "")},
        selected={"textfont": {"color": COLOURS["second"]}},
        hoverinfo="skip",  # clicks go to the square behind
    )
    ticks = {"tickvals": list(range(len(classes))), "ticktext": list(classes), "showgrid": False}
    figure.update_xaxes(title=gettext("Predicted class"), side="bottom", zeroline=False, **ticks)
    figure.update_yaxes(title=gettext("True class"), autorange="reversed", zeroline=False, **ticks)
    return finish(figure, height=90 + 32 * len(classes), legend=False).update_layout(hovermode="closest")
