"""Take pictures that are pasted or dropped anywhere on the page, or chosen from a phone's photographs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.language import gettext
from pages.parts.components.component_data import unsearched

_HTML = """
<div class="catcher">
  <div class="tools">
    <span class="hint"></span>
    <button type="button"></button>
    <button type="button" class="touch"></button>
    <input type="file" accept="image/*" multiple hidden tabindex="-1" aria-hidden="true">
    <span role="status"></span>
  </div>
  <div class="veil" hidden></div>
</div>
"""
_CSS = """
.catcher { font-family: var(--st-font); color: var(--st-text-color); font-size: 0.875rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; }
.hint, [role="status"] { opacity: 0.75; }
button { font: inherit; color: inherit; background: transparent; padding: 0.25rem 0.75rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); min-height: 2.25rem; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.touch { display: none; }
@media (pointer: coarse) { .touch { display: inline-block; } .hint { display: none; } }
.veil { position: fixed; inset: 0.75rem; z-index: 999990; display: grid; place-items: center;
  pointer-events: none; font-size: 1.5rem; font-weight: 600; border-radius: 1rem;
  border: 3px dashed var(--st-primary-color); color: var(--st-text-color);
  background: color-mix(in srgb, var(--st-background-color) 85%, transparent); }
[hidden] { display: none !important; }
"""
_COMPONENT = st.components.v2.component(
    "picture_catcher", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def picture_catcher(key: str, *, buttons: bool, on_wanted: Callable[[], None]) -> None:
    """Hand pictures to the uploader with the key ``pictures``, as if they had been chosen there.

    Args:
        key: of the component.
        buttons: whether to show the buttons; pictures are caught without them too.
        on_wanted: is called when a picture has come and there is no uploader: it shall be shown.
    """
    _COMPONENT(key=key, data=unsearched({"texts": _texts(), "buttons": buttons}), on_wanted_change=on_wanted)


def _texts() -> dict[str, str]:
    return {
        "anywhere": gettext("Or drop or paste (Ctrl V, ⌘ V) pictures anywhere on this page."),
        "paste": gettext("Paste"),
        "photographs": gettext("Choose photos"),
        "drop": gettext("Drop pictures here to read them"),
        "empty": gettext("There is no picture in the clipboard; copy one and try again."),
        "blocked": gettext("The browser does not allow reading the clipboard; press Ctrl V (⌘ V) instead."),
    }
