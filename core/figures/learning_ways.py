"""Draw accuracy over the number of pictures, for several ways to learn: a pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.figures.comparison import DASHES, PALETTE
from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.language import gettext


def accuracy_over_pictures(
    accuracies: Mapping[str, Mapping[int, Sequence[float]]],
    chance: float | None,
    counted: str | None = None,
) -> Figure:
    """Return a line for each way through the means of its draws, with bars from the lowest to the highest.

    Args:
        accuracies: by the way's name and by number of pictures, from 0 to 1, one for each draw.
        chance: accuracy of random guessing, drawn as a dotted line; without it, the axis fits the lines.
        counted: which pictures the numbers count; by default those of each class.
    """
    figure = Figure()
    if chance is not None:
        figure.add_hline(100 * chance, line={"color": COLOURS["muted"], "width": 2, "dash": "dot"})
    sizes = sorted({size for by_size in accuracies.values() for size in by_size})
    for i, (name, by_size) in enumerate(accuracies.items()):
        known = sorted(by_size)
        means = [100 * sum(by_size[size]) / len(by_size[size]) for size in known]
        figure.add_scatter(
            x=known,
            y=means,
            mode="lines+markers",
            name=name,
            line={"color": PALETTE[i % len(PALETTE)], "width": 2, "dash": DASHES[i % len(DASHES)]},
            marker={"size": 8, "symbol": i},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * max(by_size[size]) - mean for size, mean in zip(known, means, strict=True)],
                "arrayminus": [
                    mean - 100 * min(by_size[size]) for size, mean in zip(known, means, strict=True)
                ],
                "thickness": 1,
                "width": 4,
            },
            hovertemplate="%{y:.1f}%",
        )
    figure.update_xaxes(
        title=counted or gettext("Pictures of each class"), type="log", tickmode="array", tickvals=sizes,
        ticktext=[f"{size:,}" for size in sizes],
    )  # fmt: skip
    whole = {} if chance is None else {"range": [0, 102]}
    figure.update_yaxes(title=gettext("Accuracy on held-out pictures (%)"), **whole)
    return finish(figure, height=320)
