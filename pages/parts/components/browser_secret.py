"""Ask the browser for the secrets that it keeps, by which a visitor who returns is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_KEY = "browser-secret"
_COMPONENT = st.components.v2.component(
    "browser_secret",
    html="<span></span>",
    css=".st-key-browser-secret { display: none; }",  # without it, a gap is left at the top of the page
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def ask(offered: str, known: str, started: bool, on_answer: Callable[[], None]) -> None:
    """Ask for the browser's secrets; call ``on_answer`` once they have come, before the next run.

    Args:
        offered: the secret that a browser without any keeps; "" for a new one.
        known: the answer that the server expects; the browser says nothing if it is right.
        started: True if the visitor has started something under the offered secret.
        on_answer: called without arguments; ``answer`` then returns what the browser said.
    """
    _COMPONENT(
        key=_KEY,
        data={"offered": offered, "known": known, "started": started},
        on_secrets_change=on_answer,
    )


def answer() -> object:
    """Return what the browser said last, None before. Untrusted: anything may come."""
    return getattr(st.session_state.get(_KEY), "secrets", None)
