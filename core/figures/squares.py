"""Draw a matrix of squares that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.figures.figure import Figure
from core.figures.theme import COLOURS, INK, SEQUENTIAL

DARK = 0.9  # shade from which on white text is legible


def add_squares(
    figure: Figure, shade: np.ndarray, texts: Sequence[str] | np.ndarray, theme: str | None, **hover: Any
) -> None:
    """Add a square for each cell of a matrix, with a text on it.

    Scatter markers rather than a heat map, because Streamlit reports clicks on markers only. Texts on
    half-dark squares need a stronger colour than the grey that Streamlit gives to charts: that of the page's
    text, if its ``theme`` ("light" or "dark") is known.

    Args:
        figure: to which they are added.
        shade: rows×columns, from 0 to 1.
        texts: one for each cell, row by row.
        theme: of the page, or None.
        hover: ``customdata`` and ``hovertemplate`` of the squares.
    """
    rows, columns = np.indices(shade.shape)
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
        },
        text=np.where(dark, texts, ""),
        textfont={"size": 11, "color": "white"},
        # Without these a click makes the other squares pale, and their numbers with them.
        selected={"marker": {"size": 32}, "textfont": {"color": "white"}},
        unselected={"marker": {"opacity": 1}},
        **hover,
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
