"""Files that are made when they are asked for, and then saved with a second click.

Streamlit can do both with one click, by a download button whose content is a function. But it words the
function's errors itself, and sweeps the file away once two scripts have run, of whatever visitors: while
a few of them watch a training, which runs one twice a second, the browser asks for it too late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.shared.error_messages import in_words


@dataclass(frozen=True)
class Offer:
    """A file to be had; ``content`` may raise a ``LabError``, which the visitor reads."""

    label: str
    name: str
    content: Callable[[], bytes]
    help: str


@st.fragment
def offer(offers: Sequence[Offer]) -> None:
    """Buttons, and below them what became of the one that was pressed."""
    with st.container(horizontal=True):
        pressed = [
            one
            for one in offers
            if st.button(one.label, icon=":material/draft:", help=one.help, key=f"make {one.name}")
        ]
    for one in pressed:
        with in_words(), st.spinner(f"Making {one.name}"):
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
