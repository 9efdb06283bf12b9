"""Draw curves of a game between generator and discriminator: pure functions to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.language import gettext

Past = Sequence[Mapping[str, float]]  # measurements after some turns, in order

HEIGHT = 230
FEW_TURNS = 8  # up to which each has its number at the axis
DASHES = ("solid", "dash", "dot", "dashdot")
LINES = (COLOURS["second"], COLOURS["gan"], COLOURS["cnn"], COLOURS["rnn"])


def losses(past: Past) -> Figure:
    """Return both players' losses by turns."""
    curves = {
        gettext("Loss of D"): [point["discriminator_loss"] for point in past],
        gettext("Loss of G"): [point["generator_loss"] for point in past],
    }
    return _curves([point["turns"] for point in past], curves, gettext("Loss (of one batch)"))


def shares(past: Past, names: Mapping[str, str], title: str) -> Figure:
    """Return shares (0 to 1, drawn in per cent) by turns; ``names`` maps a point's keys to labels."""
    curves = {shown: [100 * point[name] for point in past] for name, shown in names.items()}
    figure = _curves([point["turns"] for point in past], curves, title)
    figure.update_yaxes(range=[-2, 102])
    return figure


def _curves(turns: Sequence[float], curves: Mapping[str, Sequence[float]], title: str) -> Figure:
    figure = Figure()
    for (name, values), colour, dash in zip(curves.items(), LINES, DASHES, strict=False):
        line = {"color": colour, "width": 2, "dash": dash}
        figure.add_scatter(x=turns, y=values, mode="lines", name=name, line=line)
    whole = 1 if turns and turns[-1] <= FEW_TURNS else None  # Plotly would write halves of turns
    figure.update_xaxes(title=gettext("Turns of both players"), rangemode="tozero", dtick=whole)
    figure.update_yaxes(title=title)
    return finish(figure, height=HEIGHT, legend=len(curves) > 1)
