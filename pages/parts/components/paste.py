"""Paste a picture from the clipboard: by a button, or by Control V anywhere on the page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.images.encode import from_data_url
from core.language import gettext
from pages.parts.components.component_data import unsearched

MAX_CHARACTERS = 24_000_000  # 18 MB; the browser reduces larger pictures

_HTML = """
<div class="paste">
  <button type="button"></button>
  <p></p>
  <span role="status"></span>
</div>
"""
_CSS = """
.paste { font-family: var(--st-font); color: var(--st-text-color); }
button { font: inherit; color: inherit; background: transparent; padding: 0.5rem 1rem; cursor: pointer;
  border: 1px dashed var(--st-border-color); border-radius: var(--st-base-radius);
  width: 100%; min-height: 4.5rem; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
p { margin: 0.5rem 0 0; font-size: 0.875rem; opacity: 0.75; }
[role="status"] { display: block; margin-top: 0.5rem; font-size: 0.875rem; min-height: 1.3em; }
"""

_COMPONENT = st.components.v2.component(
    "clipboard", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def paste(key: str) -> bytes | None:
    """Draw a paste button and return the picture pasted last; None before the first."""
    result = _COMPONENT(key=key, data=unsearched({"texts": _texts()}), on_picture_change=lambda: None)
    content = from_data_url(result.picture, "data:", MAX_CHARACTERS)
    if content:  # a trigger value lasts for one run, so the session keeps it
        st.session_state[f"{key} kept"] = content
    kept = st.session_state.get(f"{key} kept")
    if kept and st.button(gettext("Remove picture"), icon=":material/delete:", key=f"{key} forget"):
        del st.session_state[f"{key} kept"]
        st.rerun()
    return kept


def _texts() -> dict[str, str]:
    return {
        "paste": gettext("Paste a picture"),
        "keys": gettext("or press Ctrl V (⌘ V)"),
        "reading": gettext("Reading the picture …"),
        "pasted": gettext("Pasted."),
        "empty": gettext("There is no picture in the clipboard; copy one and try again."),
        "blocked": gettext("The browser does not allow reading the clipboard; press Ctrl V (⌘ V) instead."),
    }
