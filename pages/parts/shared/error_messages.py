"""Show errors to the visitor as sentences; this is the one place where they become words on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import LabError


@contextmanager
def show_errors() -> Iterator[None]:
    """Show a ``LabError`` of the body as its sentence; the rest of the page goes on."""
    try:
        yield
    except LabError as error:
        show_error(error)


def show_error(error: LabError) -> None:
    """Show an error's sentence."""
    st.error(escape_markdown(str(error)), icon=":material/error:")


def escape_markdown(text: str) -> str:
    """Return a text that Streamlit's Markdown shows as it is; use it for every text that a stranger can set.

    Escapes keep Markdown from reading the text, but not what Streamlit looks for in the finished text:
    addresses, e-mail addresses, ``:icons:`` and arrows. An invisible word joiner breaks these up. White space
    becomes single spaces, because lines and indents begin blocks; controls of the writing direction are left
    out, because they would turn round the text that follows.
    """
    text = " ".join(_DIRECTIONS.sub("", text).split())
    text = "".join(c if c.isprintable() or c in _JOINERS else "\ufffd" for c in text)
    return _PUNCTUATION.sub(r"\\\g<0>", _FOUND_IN_TEXT.sub(lambda found: found[0] + WORD_JOINER, text))


WORD_JOINER = "\u2060"
_JOINERS = "\u200c\u200d"  # within words of some scripts, and in emoji
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# Where the joiner goes: in addresses, e-mail addresses, icons, and (after a space) arrows.
_FOUND_IN_TEXT = re.compile(r"[:@](?=\S)|www(?=\.)|(?<!\S)(?:<(?=->)|[-<>~](?=[-=>]))", re.IGNORECASE)
