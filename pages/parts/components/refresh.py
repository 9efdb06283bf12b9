"""Run a fragment again once the browser has shown its last frame."""

from __future__ import annotations

import uuid
from pathlib import Path

import streamlit as st

_COMPONENT = st.components.v2.component(
    "pacer", html="<span></span>", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def refresh_after(seconds: float, key: str) -> None:
    """Run the surrounding fragment again after this time, but not before the browser has shown it.

    ``st.fragment(run_every=…)`` follows the clock instead: a phone that needs longer for a frame falls
    further and further behind, and reacts to a click only after it has shown all waiting frames.
    """
    # Each frame has a new name, because Streamlit sends only data that has changed.
    _COMPONENT(
        key=key,
        data={"frame": uuid.uuid4().hex, "milliseconds": int(1000 * seconds)},
        on_shown_change=lambda: None,
        height=1,
    )
