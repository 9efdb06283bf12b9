"""Buttons to download drawn images."""

from __future__ import annotations

import streamlit as st

from core.language import gettext

FORMATS = {"png": "PNG", "gif": "GIF", "webp": "WebP", "zip": "ZIP", "npz": "NPZ"}
MIME_TYPES = {
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "npz": "application/octet-stream",
}


def show(stem: str, **contents: bytes) -> None:
    """Show a row of buttons, one for each format, that download a file named after ``stem``."""
    with st.container(horizontal=True):
        for kind, content in contents.items():
            st.download_button(
                gettext("Download {format}", format=FORMATS[kind]),
                content,
                f"{stem}.{kind}",
                MIME_TYPES[kind],
                icon=":material/download:",
                key=f"download {kind}",
            )
