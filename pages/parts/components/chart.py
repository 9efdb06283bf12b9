"""A Plotly chart for figures that change while one looks at them.

``st.plotly_chart`` builds a chart anew whenever its figure changes: it flickers and forgets the zoom.
This one hands the figure to ``Plotly.react``, which changes what has changed.
"""

from __future__ import annotations

from pathlib import Path

import plotly
import plotly.graph_objects as go
import streamlit as st

_CSS = """
.chart { width: 100%; }
.chart text { fill: var(--st-text-color) !important; font-family: var(--st-font) !important; }
"""

# Only to have Streamlit serve the plotly.js that Python's plotly brings.
_LIBRARY = st.components.v1.declare_component("plotly_js", path=Path(plotly.__file__).parent / "package_data")
_COMPONENT = st.components.v2.component(
    "live_chart",
    html='<div class="chart" role="figure"></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # plotly.js puts its own styles into the page
)


def chart(figure: go.Figure, *, key: str, alt: str) -> None:
    """The figure as it now stands, drawn over what the same key showed before."""
    _COMPONENT(
        data={"figure": figure.to_json(), "alt": alt, "library": _library()},
        key=key,
        height=figure.layout.height,
    )


def preload() -> None:
    """Has the browser load plotly.js, so that the first chart need not wait for its 4.8 MB."""
    _COMPONENT(data={"library": _library()}, key="plotly", height=1)


def _library() -> str:
    return f"component/{_LIBRARY.name}/plotly.min.js?{plotly.__version__}"
