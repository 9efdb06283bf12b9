"""The one place where the project's errors become something that a visitor sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import LabError


@contextmanager
def show_errors() -> Iterator[None]:
    """Shows an error of the body as its sentence; the rest of the page goes on."""
    try:
        yield
    except LabError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")


def escape_markdown(text: str) -> str:
    """The text with Markdown's characters made harmless: file names come from strangers."""
    for character in "\\`*_{}[]<>()#+-.!|~$:":
        text = text.replace(character, "\\" + character)
    return text
