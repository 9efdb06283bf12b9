"""Let the browser keep the chapter of the tour that was opened last."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.components.component_data import unsearched

_KEY = "kept-chapter"
_COMPONENT = st.components.v2.component(
    "kept_chapter",
    html="<span></span>",
    css=".st-key-kept-chapter { display: none; }",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def keep(chapter: str) -> None:
    """Have the browser keep the id of the open chapter; call this once in each run of the page."""
    _COMPONENT(key=_KEY, data=unsearched({"open": chapter}), on_last_change=lambda: None)


def kept() -> str | None:
    """Return the id that the browser kept before this visit, None if none has come. Untrusted."""
    last = getattr(st.session_state.get(_KEY), "last", None)
    return last if isinstance(last, str) else None
