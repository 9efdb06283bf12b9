"""Uploaded pictures are prepared in a child process that all visitors share."""

from __future__ import annotations

import streamlit as st

from core.inference.decoding_process import DecodingProcess
from core.inference.picture_reading import Prepared
from pages.parts.shared.uploads import File


def prepared(file: File) -> Prepared:
    """A file's picture with its glyphs; that of a file looked at again is remembered.

    Raises:
        ImageError: when it cannot be read.
    """
    return _remembered(file.key, file)


def prepared_once(content: bytes, name: str) -> Prepared:
    """The same of one among many, which is not remembered.

    Raises:
        ImageError: when it cannot be read.
    """
    return _process().prepare(content, name)


def start() -> None:
    """Has the process there when the first picture comes."""
    _process().start()


@st.cache_data(max_entries=4, show_spinner=False)  # up to 2 MB each
def _remembered(key: str, _file: File) -> Prepared:
    return _process().prepare(_file.content, _file.name)


@st.cache_resource(show_spinner=False)
def _process() -> DecodingProcess:
    return DecodingProcess()
