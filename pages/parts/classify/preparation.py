"""Prepare uploaded pictures in a child process that all visitors share."""

from __future__ import annotations

import streamlit as st

from core.inference.decoding_process import DecodingProcess
from core.inference.picture_reading import Prepared
from pages.parts.shared.uploads import File


def prepared(file: File) -> Prepared:
    """Return a file's picture with its glyphs; the last few are kept for the next look at them.

    Raises:
        ImageError: when it cannot be read.
    """
    return _kept(file.key, file)


def prepared_once(content: bytes, name: str) -> Prepared:
    """Return the picture in a file's bytes with its glyphs, without keeping it.

    Raises:
        ImageError: when it cannot be read.
    """
    return _process().prepare(content, name)


def start() -> None:
    """Start the decoding process before it is needed."""
    _process().start()


@st.cache_data(max_entries=4, show_spinner=False)  # up to 2 MB each
def _kept(key: str, _file: File) -> Prepared:
    return _process().prepare(_file.content, _file.name)


@st.cache_resource(show_spinner=False)
def _process() -> DecodingProcess:
    return DecodingProcess()
