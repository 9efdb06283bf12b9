"""Check figures with Plotly's own class, which the app does without."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from core.figures.figure import Figure


def checked(draw: Callable[..., Figure]) -> Callable[..., go.Figure]:
    """Return the function with its figure as Plotly's, which raises ``ValueError`` for a wrong property.

    Plotly would also replace short forms, such as names of colour scales, that the browser does not know.
    """

    @wraps(draw)
    def drawn(*args: Any, **options: Any) -> go.Figure:
        figure = draw(*args, **options)
        theirs = go.Figure(figure.data, figure.layout)
        assert _said(figure.data) == _said([trace.to_plotly_json() for trace in theirs.data])
        assert _said(figure.layout) == _said(theirs.layout.to_plotly_json())
        return theirs

    return drawn


def _said(value: Any) -> Any:
    return _without_defaults(json.loads(to_json_plotly(value, engine="json")))


def _without_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_defaults(item) for item in value]
    if isinstance(value, dict):
        return {k: _without_defaults(v) for k, v in value.items() if v is not None and k != "template"}
    return value
