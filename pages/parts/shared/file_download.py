"""Offer files that are made when the visitor asks for them.

Streamlit makes such a file in another thread and deletes it once two scripts of any visitors have run. With
many visitors that is sooner than a browser asks for it, so here a file stays until its visitor's next page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
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
        keeper = threading.Thread(target=_keep, args=(file, name, mime_type, key))
        add_script_run_ctx(keeper, context)  # so that Streamlit knows whose file it is
        keeper.start()
        keeper.join()
        return file

    st.download_button(label, made, name, mime_type, icon=":material/download:", on_click="ignore", key=key)


def _keep(file: bytes, name: str, mime_type: str, key: str) -> None:
    """Keep the file for the visitor. There is no public way; if this one is gone, it is deleted sooner."""
    with suppress(Exception):
        files = runtime.get_instance().media_file_mgr
        files.add(file, mime_type, key, file_name=name, is_for_static_download=True)
