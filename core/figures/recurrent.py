"""Draw recurrent networks: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.inside.vanishing_gradients import GradientCurve
from core.language import gettext

CELLS = {  # colour and dash of each
    "SimpleRNN": (COLOURS["second"], "dot"),
    "GRU": (COLOURS["gan"], "dash"),
    "LSTM": (COLOURS["rnn"], "solid"),
}
_LINES = (
    (COLOURS["rnn"], "solid"),
    (COLOURS["cnn"], "dash"),
    (COLOURS["gan"], "dot"),
    (COLOURS["second"], "dashdot"),
    (COLOURS["muted"], "longdash"),
    (COLOURS["cnn"], "solid"),
)
GAP = 0.03  # between two panels, as a share of the figure's width
FAINTEST = 1e-12  # smaller gradients are not drawn: they do not change a step of training


def unit_chart(values: Mapping[str, np.ndarray], row: int, threshold: float) -> Figure:
    """Return one unit's numbers (each T) after each row; the chosen row and a threshold are marked."""
    figure = Figure()
    for i, ((name, numbers), (colour, dash)) in enumerate(zip(values.items(), _LINES, strict=False)):
        figure.add_scatter(
            x=np.arange(1, len(numbers) + 1),
            y=numbers,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 1.5 if i else 2.5},
            hovertemplate="%{y:.3f}",
        )
    figure.add_vline(x=row + 1, line={"color": COLOURS["muted"], "width": 1.5, "dash": "dot"})
    figure.add_hline(y=threshold, line={"color": COLOURS["muted"], "width": 1})
    figure.update_xaxes(title=gettext("Rows read, from the top"))
    figure.update_yaxes(title=gettext("Value"))
    return finish(figure, height=300).update_layout(margin={"t": 64})


def gradients_by_step(curves: Mapping[str, Sequence[float]], step: str | None = None) -> Figure:
    """Return a chart of the gradient's norm with respect to the state after each step, on a log scale."""
    figure = Figure()
    for i, (name, norms) in enumerate(curves.items()):
        colour, dash = CELLS.get(name, _LINES[i % len(_LINES)])
        _add_curve(figure, norms, name, colour, dash, shown=True)
    figure.update_xaxes(title=step or gettext("Row"))
    _log_axis(figure)
    return finish(figure, height=320)


def vanishing_chart(curves: Sequence[GradientCurve], trained: bool) -> Figure:
    """Return the measured gradients: a panel for each sequence length, a line for each cell."""
    lengths = sorted({curve.steps for curve in curves})
    figure = _panels([gettext("{count} steps", count=steps) for steps in lengths])
    for curve in curves:
        panel = lengths.index(curve.steps)
        norms = curve.after if trained else curve.before
        colour, dash = CELLS[curve.cell]
        _add_curve(figure, norms, curve.cell, colour, dash, shown=panel == 0, panel=panel)
    figure.update_xaxes(title=gettext("Step"))
    _log_axis(figure)
    for panel in range(1, len(lengths)):
        del figure.layout[f"yaxis{panel + 1}"]["title"]
    figure = finish(figure, height=380).update_layout(hovermode="closest", margin={"t": 72})
    return figure.update_layout(legend={"y": 1.12})


def accuracy_by_length(curves: Sequence[GradientCurve]) -> Figure:
    """Return the test accuracy (%) of each cell for each sequence length; chance is marked."""
    figure = Figure()
    lengths = sorted({curve.steps for curve in curves})
    patterns = {"SimpleRNN": ".", "GRU": "/", "LSTM": ""}
    for cell, (colour, _) in CELLS.items():
        found = {curve.steps: 100 * curve.accuracy for curve in curves if curve.cell == cell}
        figure.add_bar(
            x=[gettext("{count} steps", count=steps) for steps in lengths],
            y=[found.get(steps) for steps in lengths],
            name=cell,
            marker={"color": colour, "pattern": {"shape": patterns[cell]}},
            text=[f"{found[steps]:.1f}" if steps in found else "" for steps in lengths],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y:.2f}%",
        )
    figure.add_hline(y=10, line={"color": COLOURS["muted"], "dash": "dot", "width": 1.5})
    figure.update_yaxes(title=gettext("Test accuracy (%)"), range=[0, 105])
    return finish(figure, height=320).update_layout(barmode="group")


def _panels(titles: Sequence[str]) -> Figure:
    """Return a figure with panels side by side that share one y axis, each with its title above."""
    figure = Figure()
    width = (1 - GAP * (len(titles) - 1)) / len(titles)
    for i, title in enumerate(titles):
        name = _axis(i)
        left = i * (width + GAP)
        others = {"matches": "y", "showticklabels": False} if i else {}
        figure.layout[f"xaxis{name}"] = {"anchor": f"y{name}", "domain": [left, left + width]}
        figure.layout[f"yaxis{name}"] = {"anchor": f"x{name}", "domain": [0, 1], **others}
        place = {"x": left + width / 2, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
        words = {"text": title, "xanchor": "center", "yanchor": "bottom", "font": {"size": 16}}
        figure.layout.setdefault("annotations", []).append(words | place)
    return figure


def _axis(panel: int) -> str:
    """Return the end of the names of a panel's axes."""
    return str(panel + 1) if panel else ""


def _add_curve(
    figure: Figure, norms: Sequence[float], name: str, colour: str, dash: str, shown: bool, panel: int = 0
) -> None:
    numbers = np.asarray(norms, float)
    figure.add_scatter(
        x=np.arange(1, len(numbers) + 1),
        y=np.where(numbers > FAINTEST, numbers, np.nan),
        name=name,
        legendgroup=name,
        showlegend=shown,
        mode="lines",
        line={"color": colour, "dash": dash, "width": 2.5},
        hovertemplate=gettext("step %{x}: %{y:.2e}<extra>%{fullData.name}</extra>"),
        xaxis=f"x{_axis(panel)}",
        yaxis=f"y{_axis(panel)}",
    )


def _log_axis(figure: Figure) -> None:
    """Label the y axis with as many powers of ten as the lines need."""
    drawn = np.concatenate([np.asarray(line["y"], float) for line in figure.data])
    drawn = drawn[np.isfinite(drawn)]
    decades = np.ptp(np.log10(drawn)) if len(drawn) else 0.0
    figure.update_yaxes(
        title=gettext("Norm of the gradient"),
        type="log",
        exponentformat="power",
        dtick=max(1, round(decades / 8)) if decades > 1.5 else None,
    )
