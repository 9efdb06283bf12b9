"""Do something once with an element that has just been drawn: press its button, or scroll to it."""

from __future__ import annotations

import uuid
from pathlib import Path

import streamlit as st

from pages.parts.components.component_data import unsearched

_COMPONENT = st.components.v2.component(
    "once",
    html="<span></span>",
    css=".st-key-once-press, .st-key-once-scroll { display: none; }",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def press(key: str) -> None:
    """Press the button of this key; call this after it."""
    _do("press", key)


def scroll_to(key: str, *, on_phones_only: bool = False) -> None:
    """Bring the element of this key into view if its top is not; call this in the run that a tap caused."""
    _do("scroll on phones" if on_phones_only else "scroll", key)


def _do(action: str, key: str) -> None:
    # A new id each time: Streamlit calls the JavaScript again at later runs.
    _COMPONENT(
        key=f"once {action.split(maxsplit=1)[0]}",
        data=unsearched({"id": uuid.uuid4().hex, "action": action, "key": _css_class(key)}),
    )


def _css_class(key: str) -> str:
    """Return the class that Streamlit gives to the element of a key."""
    return "st-key-" + "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in key.strip())
