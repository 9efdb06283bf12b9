"""Let visitors draw on a canvas; published components do not work with current Streamlit."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.images.encode import from_data_url
from core.language import N_, gettext
from pages.parts.components.component_data import unsearched

GO_ON = N_("Go on drawing: there is nothing to read yet.")  # said while no stroke is a whole glyph
NOT_YET = N_("Go on drawing: this cannot be read yet.")  # said while no stroke looks like a glyph
SIDE = 280  # pixels, as in canvas.js
MAX_CHARACTERS = 500_000  # a 280×280 drawing takes some 10,000

_HTML = """
<div class="board">
  <div class="sheet">
    <canvas width="560" height="560" tabindex="0" role="img"></canvas>
    <div class="example" hidden></div>
  </div>
  <div class="tools">
    <label><span></span> <input type="range" min="3" max="14" value="7"></label>
    <button type="button"></button>
    <button type="button"></button>
  </div>
  <span aria-live="polite"></span>
</div>
"""
_CSS = """
.board { max-width: 320px; font-family: var(--st-font); color: var(--st-text-color);
  scroll-margin-top: 8.5rem; container-type: inline-size; }
canvas { width: 100%; aspect-ratio: 1; display: block; box-sizing: border-box; background: #fff;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  cursor: crosshair; touch-action: none; }
canvas:focus-visible { outline: 2px solid var(--st-primary-color); }
.sheet { position: relative; }
.example { position: absolute; inset: 0; background-size: cover; opacity: 0.3; pointer-events: none; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-top: 0.5rem;
  font-size: 0.875rem; }
.tools label { flex: 1 1 0; display: flex; gap: 0.5rem; align-items: center; }
input { flex: 1; min-width: 2.5rem; width: 3rem; accent-color: var(--st-primary-color); }
@container (max-width: 14rem) { .tools label span { display: none; } }
button { font: inherit; color: inherit; background: transparent; padding: 0.25rem 0.6rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
button:disabled { opacity: 0.4; cursor: default; }
button:hover:enabled, button:focus-visible { border-color: var(--st-primary-color);
  color: var(--st-primary-color); }
[aria-live] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""

_COMPONENT = st.components.v2.component(
    "drawing_canvas", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def canvas(key: str, *, example: str = "", scrolls: bool = True, lasting: bool = False) -> bytes | None:
    """Draw a canvas and return its drawing as PNG, dark on white, after every stroke; None while empty.

    The drawing is kept while the visitor is on another page.

    Args:
        key: of the component.
        example: a data URL of a picture that is shown faintly while there is no stroke.
        scrolls: move the canvas to the top of a phone's screen, so that the answer below it is in view.
        lasting: let the browser keep the drawing, for this tab alone, when the page is loaded again.
    """
    data = {"name": key, "texts": _texts(), "example": example, "scrolls": scrolls, "lasting": lasting}
    result = _COMPONENT(key=key, data=unsearched(data), on_png_change=lambda: None)
    return _png(result.png)


def _texts() -> dict[str, str]:
    return {
        "area": gettext(
            "Drawing area. Draw with mouse, pen or finger; Delete clears it, Ctrl Z undoes the last stroke."
        ),
        "pen": gettext("Pen"),
        "width": gettext("Pen width"),
        "undo": gettext("Undo"),
        "clear": gettext("Clear"),
        "strokes": gettext("Strokes drawn: {count}"),
        "undone": gettext("Undone"),
        "cleared": gettext("Cleared"),
    }


def _png(url: object) -> bytes | None:
    """Return the picture in the data URL that the browser sent; None if it is no drawing of this canvas."""
    content = from_data_url(url, "data:image/png;base64,", MAX_CHARACTERS)
    if content is None:
        return None
    return content if content[16:24] == SIDE.to_bytes(4, "big") * 2 else None  # PNG's width and height
