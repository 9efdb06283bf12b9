"""Buttons to download drawn images."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.language import gettext
from pages.parts.shared.file_download import download_button

FORMATS = {"png": "PNG", "gif": "GIF", "mp4": "MP4", "webp": "WebP", "zip": "ZIP", "npz": "NPZ"}
MIME_TYPES = {
    "png": "image/png",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "webp": "image/webp",
    "zip": "application/zip",
    "npz": "application/octet-stream",
}


def show(stem: str, **contents: Callable[[], bytes]) -> None:
    """Show a row of buttons that make and download a file named after ``stem``, one for each format."""
    with st.container(horizontal=True):
        for kind, content in contents.items():
            download_button(
                gettext("Download {format}", format=FORMATS[kind]),
                content,
                f"{stem}.{kind}",
                MIME_TYPES[kind],
                key=f"download {kind}",
            )
