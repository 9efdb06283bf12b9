"""Show a picture that a tap changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.parts.components.component_data import unsearched

_CSS = """
button { padding: 0; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  overflow: hidden; cursor: pointer; display: block; width: 100%; max-width: 320px; background: #000; }
button:hover { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
img { width: 100%; aspect-ratio: 1; display: block; }
img.few { image-rendering: pixelated; }
"""
_COMPONENT = st.components.v2.component(
    "tap_picture",
    html='<button type="button"><img></button>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def tap_picture(url: str, *, alt: str, hint: str, key: str, on_tap: Callable[[], None]) -> None:
    """Draw a picture as a button.

    Args:
        url: a data URL of the picture.
        alt: what the picture shows.
        hint: what a tap does.
        key: of the component.
        on_tap: called when the picture is tapped, before the next run.
    """
    _COMPONENT(data=unsearched({"url": url, "alt": alt, "hint": hint}), key=key, on_tapped_change=on_tap)
