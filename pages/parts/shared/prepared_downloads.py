"""Offer files that are made on the first click and saved by a second one.

Streamlit can do both with one click, by a download button whose content is a function. But it shows its own
text for the function's errors, and it deletes the file once two scripts of any visitors have run. While
visitors watch a training, scripts run twice a second, so the browser would ask for the file too late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.language import gettext
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
    """Draw a button for each file, and below them the file of the button that was pressed."""
    with st.container(horizontal=True):
        pressed = [
            file
            for file in files
            if st.button(file.label, icon=":material/draft:", help=file.help, key=f"make {file.name}")
        ]
    for file in pressed:
        with show_errors(), st.spinner(gettext("Making {name}", name=file.name)):
            content = file.content()
            st.download_button(
                gettext("Save {name}", name=file.name),
                content,
                file_name=file.name,
                icon=":material/download:",
                type="primary",
                on_click="ignore",
                key=f"save {file.name}",
            )
