"""Offer files that are made when the visitor asks for them.

Streamlit makes such a file in a thread that belongs to no visitor, whose session's state it does not know,
and deletes it once two scripts of any visitors have run. With many visitors that is sooner than a browser
asks for it. So here a thread of the visitor's makes the file, and it stays until the visitor's next page.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from core import language


def download_button(label: str, content: Callable[[], bytes], name: str, mime_type: str, *, key: str) -> None:
    """Show a button that downloads a file; ``content`` makes it at each click and must not fail."""
    context = get_script_run_ctx()
    spoken = language.current()

    def made() -> bytes:
        with language.using(spoken):
            file = content()
        _keep(file, name, mime_type, key)
        return file

    def asked_for() -> bytes:
        with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, context)) as visitors:
            return visitors.submit(made).result()

    st.download_button(
        label, asked_for, name, mime_type, icon=":material/download:", on_click="ignore", key=key
    )


def _keep(file: bytes, name: str, mime_type: str, key: str) -> None:
    """Keep the file for the visitor. There is no public way; if this one is gone, it is deleted sooner."""
    with suppress(Exception):
        files = runtime.get_instance().media_file_mgr
        files.add(file, mime_type, key, file_name=name, is_for_static_download=True)
