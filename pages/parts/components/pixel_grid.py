"""Choose a cell of a small picture by a click, a touch or an arrow key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import streamlit as st

from core.inside.convolution import Box
from core.language import gettext
from pages.parts.components.component_data import unsearched
from pages.parts.shared.picture_urls import url

NARROW = "narrow screen"  # in the session's state
_CSS = """
.panels { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: flex-start; padding: 3px;
  font-family: var(--st-font); color: var(--st-text-color); }
.panels.strip { flex-wrap: nowrap; gap: 0.75rem; overflow-x: auto; padding-bottom: 0.5rem; }
.panel { margin: 0; max-width: 100%; flex: none; }
.strip .panel { flex: 1 0 112px; max-width: 160px; }
.title { font-size: 0.875rem; font-weight: 600; margin-bottom: 0.25rem; }
.note { font-size: 0.8125rem; opacity: 0.75; margin-top: 0.25rem; overflow-wrap: anywhere; }
.frame { position: relative; width: 100%; box-shadow: 0 0 0 1px var(--st-border-color); }
.choice .frame { cursor: pointer; touch-action: manipulation; }
.frame:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.picture, svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.picture { image-rendering: pixelated; }
svg { overflow: visible; pointer-events: none; }
rect { fill: none; vector-effect: non-scaling-stroke; stroke-width: 2px; }
rect.halo { stroke: #fff; stroke-width: 4px; }
rect.cell { stroke: #4338ca; }
rect.window { stroke: #d97706; }
rect.field { stroke: #059669; stroke-dasharray: 5 3; }
:host { display: block; container-type: inline-size; }
@container (min-width: 641px) and (max-width: 900px) {
  .panels:not(.strip) .panel { max-width: calc(50% - 0.75rem); }
}
@media (max-width: 640px) {
  .panels { column-gap: 1rem; }
  .panels.strip { flex-wrap: wrap; }
  .strip .panel { flex: 0 0 calc((100% - 1.5rem) / 3); }
  .panels:not(.strip) .panel { max-width: calc(50% - 0.5rem); }
  .panels:not(.strip) .panel.choice { max-width: 100%; }
}
"""

_COMPONENT = st.components.v2.component(
    "pixels",
    html='<div class="panels"></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Panel:
    """A picture of rows × columns cells; each cell has one or more pixels."""

    id: str
    title: str
    image: np.ndarray  # H×W×4, H×W×3 or H×W uint8
    width: int  # on the screen, in pixels
    alt: str
    note: str = ""
    grid: tuple[int, int] | None = None  # rows and columns of cells; without it, each pixel is one
    count: int | None = None  # number of cells; the last row may not be full
    cell: tuple[int, int] | None = None  # the chosen one, (-1, -1) for none yet; None: nothing can be chosen
    outlines: dict[str, Box] = field(default_factory=dict)  # what is outlined, by "window" or "field"


def pixels(
    panels: Sequence[Panel], *, key: str, on_pick: Callable[[str, int, int], None], strip: bool = False
) -> None:
    """Draw the panels side by side; with ``strip`` in one row that scrolls, else wrapped.

    ``on_pick`` is called with a panel's id, row and column before the page runs again.
    """
    by_id = {panel.id: panel for panel in panels}
    memory = f"{key} picks"

    def picked() -> None:
        pick = st.session_state[key].pick
        place = _place(pick, by_id)
        if place:
            number = pick.get("pick")
            st.session_state.setdefault(memory, {})[place[0]] = number if isinstance(number, int) else None
            st.session_state[NARROW] = pick.get("narrow") is True
            on_pick(*place)

    picks = st.session_state.get(memory, {})
    texts = {
        "keys": gettext("{alt}; the arrow keys move"),
        "cell": gettext("{alt}, row {row}, column {column}; the arrow keys move"),
    }
    _COMPONENT(
        data=unsearched(
            {
                "panels": [_plain(panel, picks.get(panel.id)) for panel in panels],
                "strip": strip,
                "texts": texts,
            }
        ),
        key=key,
        on_pick_change=picked,
    )


def is_narrow() -> bool:
    """Return whether the visitor's last pick was on a screen as narrow as a phone's."""
    return bool(st.session_state.get(NARROW))


def _place(pick: Any, panels: dict[str, Panel]) -> tuple[str, int, int] | None:
    """Return panel, row and column of the pick, None if invalid. Untrusted: it comes from the browser."""
    if not isinstance(pick, dict):
        return None
    panel = next((panel for panel in panels.values() if panel.id == pick.get("panel")), None)
    if panel is None:
        return None
    row, column = pick.get("row"), pick.get("column")
    rows, columns = _grid(panel)
    return (panel.id, row, column) if _is_index(row, rows) and _is_index(column, columns) else None


def _is_index(value: Any, count: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def _grid(panel: Panel) -> tuple[int, int]:
    return panel.grid or (panel.image.shape[0], panel.image.shape[1])


def _plain(panel: Panel, pick: int | None) -> dict[str, Any]:
    rows, columns = _grid(panel)
    boxes = [{"kind": kind, **vars(box.within(rows, columns))} for kind, box in panel.outlines.items()]
    return {
        "id": panel.id,
        "title": panel.title,
        "image": url(panel.image),
        "ratio": panel.image.shape[1] / panel.image.shape[0],
        "width": panel.width,
        "alt": panel.alt,
        "note": panel.note,
        "rows": rows,
        "columns": columns,
        "count": rows * columns if panel.count is None else panel.count,
        "tiles": panel.grid is not None,
        "cell": list(panel.cell) if panel.cell else None,
        "boxes": boxes,
        "pick": pick,
    }
