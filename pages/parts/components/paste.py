"""A picture from the clipboard: a button, and Control V anywhere on the page while it is shown."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import streamlit as st

MOST = 24_000_000  # characters: 18 MB; the browser reduces what is larger than the app looks at anyway

_HTML = """
<div class="paste">
  <button type="button">Paste a picture</button>
  <p>or press <kbd>Ctrl</kbd> <kbd>V</kbd> (<kbd>⌘</kbd> <kbd>V</kbd>)</p>
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
kbd { font: inherit; border: 1px solid var(--st-border-color); border-radius: 0.3rem; padding: 0 0.3rem; }
[role="status"] { display: block; margin-top: 0.5rem; font-size: 0.875rem; min-height: 1.3em; }
"""

_COMPONENT = st.components.v2.component(
    "clipboard", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def paste(key: str) -> bytes | None:
    """A place to paste into; gives the picture that was pasted last, None before."""
    result = _COMPONENT(key=key, on_picture_change=lambda: None)
    content = _content(result.picture)  # a trigger: it comes once, so it is kept here
    if content is not None:
        st.session_state[f"{key} kept"] = content
    kept = st.session_state.get(f"{key} kept")
    if kept and st.button("Forget the picture", icon=":material/delete:", key=f"{key} forget"):
        del st.session_state[f"{key} kept"]
        st.rerun()
    return kept


def _content(url: object) -> bytes | None:
    """The file in a data URL; what a browser sends is a stranger's word."""
    if not isinstance(url, str) or not url.startswith("data:") or len(url) > MOST:
        return None
    try:
        return base64.b64decode(url.partition(";base64,")[2], validate=True)
    except binascii.Error:
        return None
