"""Set colours and layout of every figure; the page's theme provides the colours of texts and background."""

from __future__ import annotations

from core.figures.figure import Figure

# One colour for each family or role, distinct in light and dark; dash, pattern or symbol differ as well.
COLOURS = {"cnn": "#6366f1", "rnn": "#d97706", "gan": "#059669", "second": "#db2777", "muted": "#8b8a99"}
CLASSES = (  # colours of a visitor's classes, on light and dark; the map repeats them in another shape
    "#6366f1", "#d97706", "#059669", "#db2777", "#0891b2",
    "#a16207", "#9333ea", "#dc2626", "#65a30d", "#8b8a99",
)  # fmt: skip
SEQUENTIAL = [[0.0, "rgba(99,102,241,0.06)"], [1.0, "rgba(99,102,241,1)"]]
HEIGHT = 280


def finish(figure: Figure, *, height: int = HEIGHT, legend: bool = True) -> Figure:
    """Give the figure the margins, legend and background that all figures share, and return it."""
    figure.update_xaxes(automargin=True, showgrid=False, zeroline=False)
    figure.update_yaxes(
        automargin=True, gridcolor="rgba(128,128,128,0.2)", zerolinecolor="rgba(128,128,128,0.2)"
    )
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified",
        uirevision="keep",  # a live chart keeps the visitor's zoom
    )
