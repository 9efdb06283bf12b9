"""Prepare visitors' pictures in a child process that all visitors share; the server decodes none itself."""

from __future__ import annotations

import streamlit as st

from core.inference.decoding_process import DecodingProcess
from core.inference.picture_reading import Prepared
from pages.parts.shared.uploads import File

KEPT = 2  # prepared pictures of a session, up to 2 MB each
STATE = "prepared pictures"  # in the session's state: pictures by key, the last used last


def prepared(file: File) -> Prepared:
    """Return a file's picture with its glyphs; the session keeps the last few for its next runs.

    Raises:
        ImageError: when it cannot be read.
    """
    kept: dict[str, Prepared] = st.session_state.setdefault(STATE, {})
    found = kept.pop(file.key, None) or _process().prepare(file.content, file.name)
    kept[file.key] = found
    for key in list(kept)[:-KEPT]:
        del kept[key]
    return found


def prepared_once(content: bytes, name: str) -> Prepared:
    """Return the picture in a file's bytes with its glyphs, without keeping it.

    Raises:
        ImageError: when it cannot be read.
    """
    return _process().prepare(content, name)


def start() -> None:
    """Start the decoding process before it is needed."""
    _process().start()


@st.cache_resource(show_spinner=False)
def _process() -> DecodingProcess:
    return DecodingProcess()
