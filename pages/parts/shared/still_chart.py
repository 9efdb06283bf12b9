"""Draw a figure by Streamlit's own chart, without the checks that take most of its time."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import plotly.io
import streamlit as st
from plotly.basedatatypes import BaseFigure
from streamlit.delta_generator import DeltaGenerator

from core.figures.figure import Figure

NAME = 40  # letters of a file's name

# The bar that appears over a chart under the pointer has only the button that downloads it.
_BAR = {"displayModeBar": "hover", "displaylogo": False, "modeBarButtons": [["toImage"]]}


def still_chart(
    figure: Figure, *, key: str, alt: str, place: DeltaGenerator | None = None, **options: Any
) -> Any:
    """Draw the figure and return Streamlit's record of what was selected.

    Args:
        figure: to be drawn.
        key: of the element.
        alt: what screen readers say.
        place: the container; None for the current one.
        options: more arguments of ``st.plotly_chart``.
    """
    draw = st.plotly_chart if place is None else place.plotly_chart
    name = re.sub(r"\W+", "-", key)[:NAME]  # a key may hold the names of a visitor's classes
    file = {"format": "png", "filename": name, "scale": 2}
    config = {**_BAR, "toImageButtonOptions": file}
    return draw(_Checked(figure), key=key, config=config, alt=alt, **options)


class _Checked(BaseFigure):
    """A figure whose properties are right, as the tests of ``core/figures`` have checked.

    Streamlit makes a ``plotly.graph_objects.Figure`` of any dictionary, which checks each property again.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure

    def to_dict(self) -> dict[str, Any]:
        """Return what plotly.js reads, with the template in which Streamlit puts the page's colours."""
        content = self._figure.to_dict()
        content["layout"]["template"] = _template()
        return content


@cache
def _template() -> dict[str, Any]:
    return plotly.io.templates[plotly.io.templates.default].to_plotly_json()
