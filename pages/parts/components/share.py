"""Share the page's link, with a text and a picture: by the phone's share sheet, else by the clipboard."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.language import gettext
from pages.parts.components.component_data import unsearched

_HTML = '<div class="share"><button type="button"></button> <span role="status"></span></div>'
_CSS = """
.share { font-family: var(--st-font); color: var(--st-text-color); font-size: 0.875rem; }
button { font: inherit; color: inherit; background: transparent; padding: 0.45rem 0.9rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); min-height: 2.5rem;
  outline-offset: -2px; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
[role="status"] { margin-left: 0.5rem; overflow-wrap: anywhere; }
"""

_COMPONENT = st.components.v2.component(
    "share", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def share(text: str, *, key: str, picture: str = "", name: str = "picture.png") -> None:
    """Draw a button that shares a text with the page's link; nothing leaves the browser before a press.

    Args:
        text: what is said beside the link.
        key: of the component.
        picture: a data URL of a picture to share too, where the phone takes files.
        name: of the picture's file.
    """
    texts = {
        "share": gettext("Share"),
        "copied": gettext("Link copied."),
        "blocked": gettext("The browser does not allow copying; copy the address of this page instead."),
    }
    _COMPONENT(key=key, data=unsearched({"texts": texts, "text": text, "picture": picture, "name": name}))
