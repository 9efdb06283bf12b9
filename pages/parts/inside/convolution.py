"""Convolution and pooling: a network's maps, the arithmetic of one cell, and a sandbox."""

from __future__ import annotations

import streamlit as st

from pages.parts.inside.picture import picture


def show() -> None:
    """The part of the page."""
    picture()
    st.caption("The strip of maps is being built.")
