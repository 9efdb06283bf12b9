"""Set colours and layout of every figure; the page's theme provides the colours of texts and background."""

from __future__ import annotations

import re
import unicodedata

from core.figures.figure import Figure

# One colour for each family or role, distinct in light and dark; dash, pattern or symbol differ as well.
COLOURS = {"cnn": "#6366f1", "rnn": "#d97706", "gan": "#059669", "second": "#db2777", "muted": "#8b8a99"}
CLASSES = (  # colours of a visitor's classes, on light and dark; the map repeats them in another shape
    "#6366f1", "#d97706", "#059669", "#db2777", "#0891b2",
    "#a16207", "#9333ea", "#dc2626", "#65a30d", "#8b8a99",
)  # fmt: skip
SEQUENTIAL = [[0.0, "rgba(99,102,241,0.06)"], [1.0, "rgba(99,102,241,1)"]]
HEIGHT = 280
TITLE_SIZE = 14  # pixels of an axis's title: the height of a letter, and the width of a Chinese one
NARROWEST = 300  # pixels of a title below a chart on a phone
AROUND = 64  # pixels of a chart's height that are not beside its y axis


def finish(figure: Figure, *, height: int = HEIGHT, legend: bool = True) -> Figure:
    """Give the figure the margins, legend and background that all figures share, and return it."""
    _wrap_titles(figure, height)
    # Invisible ticks: Plotly leaves room for them and puts the title no lower, so that no letter is cut off.
    figure.update_xaxes(
        automargin=True, showgrid=False, zeroline=False, ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)"
    )
    figure.update_yaxes(
        automargin=True, gridcolor="rgba(128,128,128,0.2)", zerolinecolor="rgba(128,128,128,0.2)"
    )
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 32, "b": 14},
        modebar={"bgcolor": "rgba(0,0,0,0)"},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified",
        uirevision="keep",  # a live chart keeps the visitor's zoom
    )


def _wrap_titles(figure: Figure, height: int) -> None:
    """Break the titles of axes that would be cut off: Plotly writes each in one line, whatever its length."""
    for name, axis in figure.layout.items():
        if "axis" in name and axis.get("title", {}).get("text"):
            low, high = axis.get("domain", (0, 1))  # of a panel
            room = (height - AROUND) * (high - low) if name.startswith("y") else NARROWEST
            axis["title"]["text"] = wrapped(axis["title"]["text"], room)


def wrapped(text: str, room: float) -> str:
    """Return a text in lines that are at most so many pixels wide, as far as its words allow."""
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*", text):
        if lines[-1] and width_of(lines[-1] + word.rstrip()) > room:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


def width_of(text: str) -> float:
    """Return about how many pixels wide a text is in the size of an axis's title."""
    return TITLE_SIZE * sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.52 for c in text)
