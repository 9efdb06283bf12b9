"""Draw a matrix of squares that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.figures.figure import Figure
from core.figures.theme import COLOURS, SEQUENTIAL

DARK = 0.9  # shade from which on white text is legible


def add_squares(
    figure: Figure,
    shade: np.ndarray,
    texts: Sequence[str] | np.ndarray,
    chosen: tuple[int, int] | None = None,
    **hover: Any,
) -> None:
    """Add a square for each cell of a matrix, with a text on it.

    Scatter markers rather than a heat map, because they have gaps and a size that does not depend on the
    width of the page.

    Args:
        figure: to which they are added.
        shade: rows×columns, from 0 to 1.
        texts: one for each cell, row by row.
        chosen: row and column of the square that is outlined, if any.
        hover: ``customdata`` and ``hovertemplate`` of the squares.
    """
    rows, columns = np.indices(shade.shape)
    outlined = (
        np.zeros(shade.size, bool)
        if chosen is None
        else np.ravel((rows == chosen[0]) & (columns == chosen[1]))
    )
    dark = shade.ravel() > DARK  # white text is legible on these, the colour of text on the others
    figure.add_scatter(
        x=columns.ravel(),
        y=rows.ravel(),
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": 26,
            "color": shade.ravel(),
            "colorscale": SEQUENTIAL,
            "cmin": 0,
            "cmax": 1,
            "line": {"color": COLOURS["second"], "width": np.where(outlined, 3, 0)},
        },
        text=np.where(dark, texts, ""),
        textfont={"size": 11, "color": "white"},
        **hover,
    )
    figure.add_scatter(
        x=columns.ravel(),
        y=rows.ravel(),
        mode="text",
        text=np.where(dark, "", texts),
        textfont={"size": 12, "weight": 700},
        hoverinfo="skip",  # clicks go to the square behind
    )
