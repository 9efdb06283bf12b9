"""Files that are made when they are asked for, and then saved with a second click.

Streamlit can do both with one click, by a download button whose content is a function. But it words the
function's errors itself, and sweeps the file away once two scripts have run, of whatever visitors: while
a few of them watch a training, which runs one twice a second, the browser asks for it too late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.shared.error_messages import show_errors


@dataclass(frozen=True)
class PreparedFile:
    """A file to be had; ``content`` may raise a ``LabError``, which the visitor reads."""

    label: str
    name: str
    content: Callable[[], bytes]
    help: str


@st.fragment
def show(offers: Sequence[PreparedFile]) -> None:
    """Buttons, and below them what became of the one that was pressed."""
    with st.container(horizontal=True):
        pressed = [
            one
            for one in offers
            if st.button(one.label, icon=":material/draft:", help=one.help, key=f"make {one.name}")
        ]
    for one in pressed:
        with show_errors(), st.spinner(f"Making {one.name}"):
            content = one.content()
            st.download_button(
                f"Save {one.name}",
                content,
                file_name=one.name,
                icon=":material/download:",
                type="primary",
                on_click="ignore",
                key=f"save {one.name}",
            )
