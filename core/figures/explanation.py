"""Draw explanations: pure functions from maps and rows to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from core.images.encode import data_url
from core.images.enlarge import enlarged
from core.language import gettext, percent

# Opaque where a map is strong, so that the digit is visible where it is weak.
FOR = [[0.0, "rgba(99,102,241,0)"], [0.5, "rgba(99,102,241,0.35)"], [1.0, "rgba(219,39,119,0.9)"]]
AGAINST_FOR = [[0.0, "rgba(8,145,178,0.9)"], [0.5, "rgba(255,255,255,0)"], [1.0, "rgba(219,39,119,0.9)"]]
BLACK_TO_WHITE = [[0.0, "#000000"], [1.0, "#ffffff"]]
FINEST = 56  # values of a heat map along a side; a photograph's picture is drawn as one
SHADES = ("solid", "dash", "dot", "dashdot")


def over_image(pixels: np.ndarray, heat: np.ndarray, *, signed: bool) -> Figure:
    """Return a map (H×W) over its image (H×W or H×W×C uint8): 0 to 1, or -peak to peak if signed."""
    figure = Figure()
    height, width = pixels.shape[:2]
    step = max(1, height // FINEST)  # pixels between two values of the heat map
    if step > 1:
        heat = heat[step // 2 :: step, step // 2 :: step]
    if step > 1 or pixels.shape[2:] == (3,):
        picture = {"source": _below(pixels), "sizing": "stretch", "layer": "below"}
        place = {"xref": "x", "yref": "y", "x": -0.5, "y": -0.5, "sizex": width, "sizey": height}
        figure.update_layout(images=[picture | place])
    else:
        grey = pixels.mean(axis=2) if pixels.ndim == 3 else pixels
        figure.add_heatmap(
            z=grey, colorscale=BLACK_TO_WHITE, showscale=False, hoverinfo="skip", zmin=0, zmax=255
        )
    peak = max(float(np.abs(heat).max()), 1e-6) if signed else 1.0
    figure.add_heatmap(
        z=heat,
        x0=(step - 1) / 2,
        dx=step,
        y0=(step - 1) / 2,
        dy=step,
        colorscale=AGAINST_FOR if signed else FOR,
        zmin=-peak if signed else 0.0,
        zmax=peak,
        showscale=False,
        hovertemplate=gettext("row %{y}, column %{x}: %{z:.3f}<extra></extra>"),
    )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")
    return finish(figure, legend=False).update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest"
    )


def _below(pixels: np.ndarray) -> str:
    """Return the address of an image to draw a map on; a small one keeps its pixels square."""
    if max(pixels.shape[:2]) > 2 * FINEST:
        return data_url(pixels, jpeg=True)
    return data_url(enlarged(pixels, squares=True, side=4 * FINEST))


def by_row(probabilities: np.ndarray, classes: Sequence[str], most: int = 4) -> Figure:
    """Return curves of the likeliest classes' probability (%) after each row read (rows×classes)."""
    figure = Figure()
    colours = (COLOURS["rnn"], COLOURS["cnn"], COLOURS["gan"], COLOURS["second"])
    shown = np.argsort(probabilities.max(axis=0) + probabilities[-1])[::-1][:most]
    for k, colour, dash in zip(shown, colours, SHADES, strict=False):
        figure.add_scatter(
            x=np.arange(1, len(probabilities) + 1),
            y=100 * probabilities[:, k],
            mode="lines",
            name=str(classes[k]),
            line={"color": colour, "dash": dash, "width": 2.5},
            text=[percent(float(p)) for p in probabilities[:, k]],
            hovertemplate="%{text}",
        )
    figure.update_xaxes(title=gettext("Rows read, from the top"))
    figure.update_yaxes(title=gettext("Probability (%)"), range=[0, 102])
    return finish(figure)
