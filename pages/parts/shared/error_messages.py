"""Show errors to the visitor as sentences; this is the one place where they become words on a page."""

from __future__ import annotations

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
    """Return the text with Markdown's characters escaped, since file names and links come from strangers."""
    for character in "\\`*_{}[]<>()#+-.!|~$:":
        text = text.replace(character, "\\" + character)
    return text
