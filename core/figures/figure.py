"""A Plotly figure as plain dictionaries, which Plotly's own class would check at every change.

A chart of ranked probabilities takes 0.1 ms this way and 11 ms with ``plotly.graph_objects``. Tests check the
properties of each figure with Plotly's class.
"""

from __future__ import annotations

import base64
from typing import Any, Self

import numpy as np

_TYPES = {"f": ("f8", np.float64), "i": ("i4", np.int32), "u": ("u4", np.uint32)}  # of plotly.js, by kind

# Values of a trace, in which no tag is meant.
_VALUES = {"name", "legendgroup", "text", "customdata", "x", "y"}


class Figure:
    """Traces and layout, as https://plotly.com/javascript/reference describes them."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {}

    def add_bar(self, **properties: Any) -> None:
        """Add bars."""
        self.data.append({"type": "bar", **properties})

    def add_scatter(self, **properties: Any) -> None:
        """Add a line, points or texts."""
        self.data.append({"type": "scatter", **properties})

    def add_heatmap(self, **properties: Any) -> None:
        """Add a map of colours."""
        self.data.append({"type": "heatmap", **properties})

    def add_parallel_coordinates(self, **properties: Any) -> None:
        """Add lines through parallel axes; plotly.js calls such a trace ``parcoords``."""
        self.data.append({"type": "parcoords", **properties})

    def add_hline(self, y: float, line: dict[str, Any]) -> None:
        """Add a horizontal line over the whole width of a figure with one panel."""
        self._add_line(x0=0, x1=1, xref="x domain", y0=y, y1=y, yref="y", line=line)

    def add_vline(self, x: float, line: dict[str, Any]) -> None:
        """Add a vertical line over the whole height of a figure with one panel."""
        self._add_line(x0=x, x1=x, xref="x", y0=0, y1=1, yref="y domain", line=line)

    def update_xaxes(self, *, title: str | None = None, **properties: Any) -> None:
        """Change the x axes of all panels."""
        self._update_axes("xaxis", title, properties)

    def update_yaxes(self, *, title: str | None = None, **properties: Any) -> None:
        """Change the y axes of all panels."""
        self._update_axes("yaxis", title, properties)

    def update_layout(self, **properties: Any) -> Self:
        """Change the layout, dictionaries key by key; return the figure."""
        _merge(self.layout, properties)
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return traces and layout with arrays as plotly.js reads them."""
        data = [
            {key: _as_text(value) if key in _VALUES else value for key, value in trace.items()}
            for trace in self.data
        ]
        layout = {key: _with_texts(value) if "axis" in key else value for key, value in self.layout.items()}
        return {"data": _plain(data), "layout": _plain(layout)}

    def _add_line(self, **properties: Any) -> None:
        self.layout.setdefault("shapes", []).append({"type": "line", **properties})

    def _update_axes(self, name: str, title: str | None, properties: dict[str, Any]) -> None:
        if title is not None:
            properties = {"title": {"text": title}, **properties}
        self.layout.setdefault(name, {})
        for key, axis in self.layout.items():
            if key.startswith(name):
                _merge(axis, properties)


def _with_texts(axis: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [_in_lines(text) for text in value]
        if key == "ticktext"
        else {**value, "text": _in_lines(value.get("text"))}
        if key == "title"
        else value
        for key, value in axis.items()
    }


def _as_text(value: Any) -> Any:
    """Return texts as plotly.js shows them: it takes ``<`` for the begin of a tag, which may be a link."""
    if isinstance(value, str):
        return value.replace("&", "&amp;").replace("<", "&lt;")
    if isinstance(value, np.ndarray) and value.dtype.kind in "UO":
        value = value.tolist()
    return [_as_text(item) for item in value] if isinstance(value, list | tuple) else value


def _in_lines(title: Any) -> Any:
    """Return a title, which may have several lines, as plotly.js shows it."""
    text = _as_text(title)
    return text.replace("\n", "<br>") if isinstance(text, str) else text


def _merge(old: dict[str, Any], new: dict[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, dict):
            _merge(old.setdefault(key, {}), value)
        elif value is not None:  # Plotly's default
            old[key] = value


def _plain(value: Any) -> Any:
    """Return a copy in which arrays of numbers are the bytes that plotly.js reads, and others are lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, np.ndarray):
        return _packed(value) if value.dtype.kind in _TYPES and value.size else value.tolist()
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict | np.ndarray):
        return [_plain(item) for item in value]
    return value


def _packed(numbers: np.ndarray) -> dict[str, str]:
    name, kind = _TYPES[numbers.dtype.kind]
    packed = {"dtype": name, "bdata": base64.b64encode(np.ascontiguousarray(numbers, kind)).decode()}
    return packed | ({"shape": ", ".join(map(str, numbers.shape))} if numbers.ndim > 1 else {})
