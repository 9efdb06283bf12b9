"""Draw a Plotly chart that is updated in place.

``st.plotly_chart`` rebuilds a chart whenever its figure changes: it flickers and loses the zoom.
This one passes the figure to ``Plotly.react``, which updates only what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.io
import streamlit as st

from core.figures.figure import Figure
from core.language import gettext
from pages.parts.components import plotly_library
from pages.parts.components.component_data import unsearched

LONGEST_NAME = 40  # letters of a file's name

# White is the text on dark squares. A label under the pointer has its own colours.
_CSS = """
.chart { width: 100%; }
.chart .modebar-btn path { fill: var(--st-text-color) !important; }
.chart text { font-family: var(--st-font) !important; }
.chart .parcoords text { text-shadow: none !important; }
.chart .main-svg :not(.hovertext) > text:not([style*="fill: rgb(255, 255, 255)"]) {
  fill: var(--st-text-color) !important; }
.chart:focus-within .modebar { opacity: 1 !important; }
"""

_COMPONENT = st.components.v2.component(
    "live_chart",
    html='<div class="chart" role="figure"></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # plotly.js puts its own styles into the page
)


def chart(figure: Figure, *, key: str, alt: str, on_click: Callable[[int, int], None] | None = None) -> None:
    """Draw the figure in place of the previous one with the same key.

    Args:
        figure: to be drawn.
        key: of the component.
        alt: what screen readers say.
        on_click: is called with x and y of a point that was clicked or tapped, before the page runs again.
    """

    def clicked() -> None:
        point = _whole_numbers(st.session_state[key].clicked)
        if on_click and point:
            on_click(*point)

    _COMPONENT(
        data=unsearched(
            {
                "figure": plotly.io.to_json(figure.to_dict(), validate=False),
                "alt": alt,
                "file": _file_name(key),
                "texts": {"png": gettext("Download PNG"), "svg": gettext("Download SVG")},
                "library": plotly_library.ADDRESS,
                "clicks": on_click is not None,
            }
        ),
        key=key,
        height=figure.layout["height"],
        on_clicked_change=clicked,
    )


def preload() -> None:
    """Let the browser load plotly.js, so that the first chart does not wait for its 4.8 MB."""
    _COMPONENT(data=unsearched({"library": plotly_library.ADDRESS}), key="plotly", height=1)


def _file_name(key: str) -> str:
    """Return a name without an ending, of a key that may hold the names of a visitor's classes."""
    return re.sub(r"\W+", "-", key)[:LONGEST_NAME]


def _whole_numbers(point: Any) -> tuple[int, int] | None:
    """Return x and y, None if they are not two whole numbers. Untrusted: they come from the browser."""
    match point:
        case [int(x), int(y)]:
            return x, y
    return None
