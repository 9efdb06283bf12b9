"""Run a fragment again once the browser has shown its last frame: an own component."""

from __future__ import annotations

import uuid
from pathlib import Path

import streamlit as st

_COMPONENT = st.components.v2.component(
    "pacer", html="<span></span>", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def refresh_after(seconds: float, key: str) -> None:
    """Run the surrounding fragment again after this time, or later, once the browser has shown it.

    ``st.fragment(run_every=…)`` asks by the clock instead: a phone that needs longer for a frame then falls
    behind by more and more of them, and answers a click when it has shown them all.
    """
    # The frame's name is new each time, or the browser would not be told of it.
    _COMPONENT(
        key=key,
        data={"frame": uuid.uuid4().hex, "milliseconds": int(1000 * seconds)},
        on_shown_change=lambda: None,
        height=1,
    )
