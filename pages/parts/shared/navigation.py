"""The navigation, and the way in when a page is a cold server's first request."""

from __future__ import annotations

import gc
import sys

import streamlit as st
from streamlit.navigation.page import Page

from core import allocator

HOME = "pages/home.py"
CLASSIFY = "pages/classify.py"
TRAIN = "pages/train.py"
GENERATE = "pages/generate.py"
INSIDE = "pages/inside.py"


def declare_pages() -> Page:
    """Declares the pages; returns the one that was asked for."""
    _frugal()
    st.session_state["navigation declared"] = True
    return st.navigation(
        [
            st.Page(HOME, title="Home", icon=":material/home:", default=True),
            st.Page(CLASSIFY, title="Classify", icon=":material/image_search:"),
            st.Page(TRAIN, title="Train", icon=":material/model_training:"),
            st.Page(GENERATE, title="Generate", icon=":material/draw:"),
            st.Page(INSIDE, title="Inside", icon=":material/calculate:"),
        ],
        position="top",
    )


def ensure_declared() -> None:
    """To be called first by every page.

    Until a session has called ``st.navigation``, Streamlit takes ``pages/*.py`` for the pages of an app of
    the old kind, so the first link to a cold server runs a page without ``streamlit_app.py``. Such a page
    declares the navigation, which ends that, and asks to be run again in the regular way.
    """
    if "navigation declared" not in st.session_state:
        declare_pages()
        st.rerun()


@st.cache_resource(show_spinner=False)
def _frugal() -> None:
    allocator.return_freed_memory()


def freeze_long_lived_objects() -> None:
    """To be called when a page has run: spares the garbage collector what stays for ever.

    Streamlit collects after every run and holds the answer back meanwhile: 65 ms, nearly all of them spent on
    what the libraries made when they were imported. Which is why that is set aside whenever there is more.
    """
    _freeze(len(sys.modules))


# Not for ever, since sessions are set aside, too. In seconds: words are read by pandas, which takes 65 MB.
@st.cache_resource(ttl=600, show_spinner=False)
def _freeze(modules: int) -> None:
    gc.unfreeze()  # what was set aside before may be garbage by now
    gc.collect()
    gc.freeze()
