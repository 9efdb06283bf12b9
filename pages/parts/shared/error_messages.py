"""Show errors to the visitor as sentences; this is the one place where they become words on a page."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePath

import streamlit as st

from core import settings
from core.errors import LabError, SettingsError
from core.messages import Message


@contextmanager
def show_errors() -> Iterator[None]:
    """Show a ``LabError`` of the body as its sentence; the rest of the page goes on."""
    try:
        yield
    except LabError as error:
        show_error(error)


def show_error(error: LabError) -> None:
    """Show an error's sentence."""
    st.error(sentence(error), icon=":material/error:")


def sentence(told: LabError | Message) -> str:
    """Return an error or a message as Markdown, without the folders of the server in it."""
    return escape_markdown(plain_sentence(told))


def plain_sentence(told: LabError | Message) -> str:
    """Return an error or a message as text for a table, without the folders of the server in it."""
    return without_folders(str(told))


def without_folders(text: str) -> str:
    """Return a text in which only the last name of each path of the server's files is left.

    Visitors need not know the folders. The command line, which the operator uses, shows whole paths.
    """
    for folder in _folders():
        text = text.replace(f"{folder}{os.sep}", "")
    return _PATH.sub(lambda found: PurePath(found[0]).name, text)


@cache
def _folders() -> list[str]:
    """Return the folders of the app, which may have spaces in their names, the longest first."""
    known = [ROOT, Path(sys.prefix), Path(tempfile.gettempdir()), Path.home()]
    with suppress(SettingsError):
        known += [settings.current().home, settings.current().data or ROOT]
    return sorted({str(folder) for folder in known if len(folder.parts) > 1}, key=len, reverse=True)


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


ROOT = Path(__file__).resolve().parents[3]
_PATH = re.compile(r"(?<![\w/.:<])(?:/[\w.+@~-]+){2,}/?")
WORD_JOINER = "\u2060"
_JOINERS = "\u200c\u200d"  # within words of some scripts, and in emoji
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# Where the joiner goes: in addresses, e-mail addresses, icons, and (after a space) arrows.
_FOUND_IN_TEXT = re.compile(r"[:@](?=\S)|www(?=\.)|(?<!\S)(?:<(?=->)|[-<>~](?=[-=>]))", re.IGNORECASE)
