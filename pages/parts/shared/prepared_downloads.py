"""Offer files that one click makes and downloads.

Streamlit's download button can do so too, if its content is a function. But it shows its own text for the
function's errors, and it deletes the file once two scripts of any visitors have run. While visitors watch a
training, scripts run twice a second, so the browser would ask for the file too late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.language import gettext
from pages.parts.components import once
from pages.parts.shared.error_messages import show_errors


@dataclass(frozen=True)
class PreparedFile:
    """A file that can be made; ``content`` may raise a ``LabError``, which is shown to the visitor."""

    label: str
    name: str
    content: Callable[[], bytes]
    help: str


@st.fragment
def show(files: Sequence[PreparedFile]) -> None:
    """Draw a button for each file; make and download the one whose button was pressed."""
    with st.container(horizontal=True):
        pressed = [
            file
            for file in files
            if st.button(file.label, icon=":material/download:", help=file.help, key=f"make {file.name}")
        ]
    for file in pressed:
        with show_errors():
            _download(file)


def _download(file: PreparedFile) -> None:
    """Make the file, and press the button that downloads it; it stays in case the browser refused."""
    with st.spinner(gettext("Making {name}", name=file.name)):
        content = file.content()
    key = f"save {file.name}"
    st.download_button(
        gettext("Download {name} again", name=file.name),
        content,
        file_name=file.name,
        icon=":material/download_done:",
        type="tertiary",
        on_click="ignore",
        key=key,
    )
    once.press(key)
