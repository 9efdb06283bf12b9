"""Draw a Plotly chart that is updated in place.

``st.plotly_chart`` rebuilds a chart whenever its figure changes: it flickers and loses the zoom.
This one passes the figure to ``Plotly.react``, which updates only what has changed.
"""

from __future__ import annotations

from pathlib import Path

import plotly.io
import streamlit as st

from core.figures.figure import Figure
from core.language import gettext

_CSS = """
.chart { width: 100%; }
.chart .modebar-btn path { fill: var(--st-text-color) !important; }
.chart text { fill: var(--st-text-color) !important; font-family: var(--st-font) !important; }
"""

# Declared only so that Streamlit serves the plotly.js of Python's plotly.
_LIBRARY = st.components.v1.declare_component("plotly_js", path=Path(plotly.__file__).parent / "package_data")
_COMPONENT = st.components.v2.component(
    "live_chart",
    html='<div class="chart" role="figure"></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # plotly.js puts its own styles into the page
)


def chart(figure: Figure, *, key: str, alt: str) -> None:
    """Draw the figure in place of the previous one with the same key."""
    _COMPONENT(
        data={
            "figure": plotly.io.to_json(figure.to_dict(), validate=False),
            "alt": alt,
            "file": key.replace(" ", "-"),
            "texts": {"png": gettext("Download PNG"), "svg": gettext("Download SVG")},
            "library": _library(),
        },
        key=key,
        height=figure.layout["height"],
    )


def preload() -> None:
    """Let the browser load plotly.js, so that the first chart does not wait for its 4.8 MB."""
    _COMPONENT(data={"library": _library()}, key="plotly", height=1)


def _library() -> str:
    return f"component/{_LIBRARY.name}/plotly.min.js?{plotly.__version__}"
