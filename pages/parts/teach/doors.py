"""Doors to other pages, where what was learnt can be used."""

from __future__ import annotations

import streamlit as st

from core.class_sets.taught_set import TaughtSet
from core.language import gettext
from pages.parts.classify import reading_choice
from pages.parts.shared import navigation


def show(taught: TaughtSet) -> None:
    """Draw a button that opens Classify with the set's network chosen."""
    if st.button(
        gettext("Classify with it"),
        icon=":material/image_search:",
        key="classify with it",
        help=gettext("Read many pictures at once, with occlusion maps and robustness tests"),
    ):
        reading_choice.read_with(taught.classes.id)
        st.switch_page(navigation.CLASSIFY)
