"""Draw what the page Remedies measures: pure functions from numbers to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.figures.comparison import DASHES, PALETTE
from core.figures.figure import Figure
from core.figures.squares import add_squares
from core.figures.theme import CLASSES, COLOURS, finish, wrapped
from core.language import counted_percent, gettext, percent

COLUMN = 100  # pixels of the title of a column of squares
KILOBYTES = tuple(digit * 10**power for power in range(5) for digit in (1, 2, 5))
ERRORS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # per cent, at which the accuracy is written


def error_matrix(errors: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> Figure:
    """Return squares of errors (rows×columns, 0 to 1): a row for each kind of corruption."""
    figure = Figure()
    percents = 100 * errors.ravel()
    add_squares(
        figure,
        np.sqrt(np.clip(errors, 0, 1)),
        [f"{value:.0f}" for value in percents],
        customdata=percents,
        hovertemplate=gettext("%{y}, %{x}: %{customdata:.1f}% wrong<extra></extra>"),
    )
    figure.update_xaxes(
        title=gettext("Network"),  # also room for a phone's buttons above the columns' titles
        tickvals=list(range(len(columns))),
        ticktext=[wrapped(column, COLUMN) for column in columns],
        side="top",
        range=[-0.5, len(columns) - 0.5],
        showgrid=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=list(rows),
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    height = 110 + 30 * len(rows)
    return finish(figure, height=height, legend=False).update_layout(hovermode="closest")


def error_over_strength(errors: Mapping[str, Sequence[float]], strengths: Sequence[int]) -> Figure:
    """Return a line of errors (0 to 1) over strengths for each network, by its title."""
    figure = _lines({title: (np.array(strengths), 100 * np.array(each)) for title, each in errors.items()})
    figure.update_xaxes(title=gettext("Strength (0: as it is)"), dtick=1)
    figure.update_yaxes(title=gettext("Wrong answers (%)"), rangemode="tozero")
    return finish(figure, height=300)


def reliability_diagram(bins: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Figure:
    """Return accuracy over probability for each network, by its title.

    Args:
        bins: mean probability, accuracy (both 0 to 1) and number of images of each bin.
    """
    figure = Figure()
    for i, (title, (probability, accuracy, count)) in enumerate(bins.items()):
        figure.add_scatter(
            x=100 * probability,
            y=100 * accuracy,
            mode="lines+markers",
            name=title,
            customdata=[percent(share) for share in probability],
            hovertext=[counted_percent(share) for share in accuracy],
            text=[f"{images:,}" for images in count],
            line=_line(i),
            marker={"size": 9, "symbol": i},
            hovertemplate=gettext("probability: %{customdata}, right: %{hovertext}, images: %{text}"),
        )
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name=gettext("Calibrated"),
        line={"color": COLOURS["muted"], "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.update_xaxes(title=gettext("Probability of the answer (%)"), range=[0, 102])
    figure.update_yaxes(title=gettext("Right answers (%)"), range=[0, 102])
    return finish(figure, height=340).update_layout(hovermode="closest")


def accuracy_over_coverage(curves: Mapping[str, np.ndarray], coverages: np.ndarray) -> Figure:
    """Return the accuracy (0 to 1) on the share of images that is answered, for each network by its title."""
    figure = _lines({title: (100 * coverages, 100 * curve) for title, curve in curves.items()}, marks=False)
    first, last = 100 * coverages[0], 100 * coverages[-1]
    figure.update_xaxes(title=gettext("Share of images that are answered (%)"), range=_with_room(first, last))
    figure.update_yaxes(title=gettext("Right answers among them (%)"))
    return finish(figure, height=340)


def accuracy_over_attack(
    curves: Mapping[str, Sequence[float] | np.ndarray], levels: Sequence[int], title: str | None = None
) -> Figure:
    """Return a line for each network over the strengths of adversarial steps, in levels of 255.

    Args:
        curves: shares from 0 to 1 by the network's title: of right answers, or what ``title`` says.
        levels: the strengths.
        title: of the y axis.
    """
    figure = _lines({name: (np.array(levels), 100 * np.asarray(curve)) for name, curve in curves.items()})
    figure.update_xaxes(title=gettext("Strength: largest change of a pixel (levels of 255)"))
    figure.update_yaxes(title=title or gettext("Right answers (%)"), range=[-2, 103])
    return finish(figure, height=330)


def pixel_share_curves(curves: Mapping[str, Sequence[float] | np.ndarray], *, is_deletion: bool) -> Figure:
    """Return probabilities (0 to 1) over the share of pixels, in equal steps, for each map by its title."""
    figure = _lines(
        {title: (np.linspace(0, 100, len(each)), 100 * np.asarray(each)) for title, each in curves.items()},
        marks=False,
    )
    title = gettext("Pixels taken away (%)") if is_deletion else gettext("Pixels put in (%)")
    figure.update_xaxes(title=title, range=_with_room(0, 100))
    figure.update_yaxes(title=gettext("Probability of the answer (%)"), range=[-2, 103])
    return finish(figure, height=330)


def neighbour_bars(accuracies: Mapping[str, float]) -> Figure:
    """Return a bar for each layer: the share (0 to 1) of pictures whose nearest other is of their class."""
    figure = Figure()
    percents = [100 * accuracy for accuracy in accuracies.values()]
    figure.add_bar(
        x=list(accuracies),
        y=percents,
        marker={"color": PALETTE[0]},
        text=[f"{value:.1f}" for value in percents],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:.1f}%<extra></extra>",
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(title=gettext("Nearest of the same class (%)"), range=[0, 110])
    return finish(figure, height=280, legend=False).update_layout(hovermode="closest")


def class_map(points: np.ndarray, labels: np.ndarray, classes: Sequence[str], *, legend: bool) -> Figure:
    """Return pictures at their places (N×2, from −1 to 1), with a colour and a sign for each class."""
    figure = Figure()
    for label, name in enumerate(classes):
        chosen = labels == label
        figure.add_scatter(
            x=points[chosen, 0],
            y=points[chosen, 1],
            mode="markers",
            name=name,
            marker={"size": 7, "symbol": label, "color": CLASSES[label % len(CLASSES)]},
            hovertemplate="%{fullData.name}<extra></extra>",
        )
    figure.update_xaxes(showticklabels=False, range=[-1.1, 1.1])
    figure.update_yaxes(showticklabels=False, range=[-1.1, 1.1])
    return finish(figure, height=300, legend=legend).update_layout(hovermode="closest")


def accuracy_over_size(
    points: Mapping[str, Sequence[tuple[float, float, str]]],
) -> Figure:
    """Return a point for each network: kilobytes, accuracy (0 to 1) and what it is, in groups by title.

    Its height is the logarithm of its errors, which tells 99.5% from 99.0% as well as 95% from 90%.
    """
    figure = Figure()
    for i, (title, group) in enumerate(points.items()):
        ordered = sorted(group)
        figure.add_scatter(
            x=[kilobytes for kilobytes, _, _ in ordered],
            y=[max(ERRORS[0], 100 * (1 - accuracy)) for _, accuracy, _ in ordered],
            mode="markers",
            name=title,
            text=[f"{told}: {kilobytes:.0f} kB, {accuracy:.2%}" for kilobytes, accuracy, told in ordered],
            marker={"size": 11, "symbol": i, "color": PALETTE[i % len(PALETTE)]},
            hovertemplate="%{text}<extra></extra>",
        )
    figure.update_xaxes(
        title=gettext("Packed file (kB)"),
        type="log",
        tickvals=KILOBYTES,
        ticktext=[f"{kilobytes:,}" for kilobytes in KILOBYTES],
    )
    figure.update_yaxes(
        title=gettext("Right answers (%)"),
        type="log",
        autorange="reversed",
        tickvals=ERRORS,
        ticktext=[f"≥ {100 - ERRORS[0]:g}", *(f"{100 - error:g}" for error in ERRORS[1:])],
    )
    return finish(figure, height=420).update_layout(hovermode="closest")


def accuracy_by_remedy(accuracies: Mapping[str, Sequence[float]]) -> Figure:
    """Return a point for each remedy at its mean accuracy (0 to 1) over seeds, and a bar over their range."""
    figure = Figure()
    percents = {title: [100 * one for one in found] for title, found in accuracies.items()}
    means = [sum(found) / len(found) for found in percents.values()]
    figure.add_scatter(
        x=means,
        y=list(percents),
        mode="markers+text",
        text=[f"{mean:.1f}" for mean in means],
        textposition="top center",
        cliponaxis=False,
        marker={"size": 11, "color": PALETTE[0]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(found) - mean for found, mean in zip(percents.values(), means, strict=True)],
            "arrayminus": [mean - min(found) for found, mean in zip(percents.values(), means, strict=True)],
            "thickness": 2,
        },
        hovertemplate="%{y}: %{x:.1f}%<extra></extra>",
    )
    figure.update_xaxes(title=gettext("Right answers (%)"), range=[-2, 104])
    figure.update_yaxes(type="category", autorange="reversed")
    height = 110 + 44 * len(accuracies)
    return finish(figure, height=height, legend=False).update_layout(hovermode="closest")


def _lines(points: Mapping[str, tuple[np.ndarray, np.ndarray]], marks: bool = True) -> Figure:
    figure = Figure()
    for i, (title, (x, y)) in enumerate(points.items()):
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers" if marks else "lines",
            name=title,
            line=_line(i),
            marker={"size": 8, "symbol": i},
            hovertemplate="%{y:.2f}%",
        )
    return figure


def _with_room(first: float, last: float) -> list[float]:
    """Return a range a little wider than the numbers: Plotly leaves out the last one's label otherwise."""
    room = 0.03 * (last - first)
    return [first - room / 2, last + room]


def _line(place: int) -> dict[str, object]:
    return {"color": PALETTE[place % len(PALETTE)], "width": 2, "dash": DASHES[place % len(DASHES)]}
