"""Look into a taught set: all pictures on a map, those that were confused, and one picture in detail."""

from __future__ import annotations

import streamlit as st

from core.class_sets.taught_set import TaughtSet
from core.language import N_, gettext
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.teach import activation_maps, chosen_picture, confusion, feature_map, neighbours

VIEWS = {"map": N_("Map of all pictures"), "confusion": N_("Confusion matrix")}


@st.fragment
def show(taught: TaughtSet) -> None:
    """Draw the view that the visitor asks for, and beside it the chosen picture in detail."""
    st.header(gettext("Look into it"))
    view = st.segmented_control(
        gettext("Look at"),
        list(VIEWS),
        format_func=lambda view: gettext(VIEWS[view]),
        key="view of a set",
        label_visibility="collapsed",
    )
    if view is None:
        st.caption(gettext("See which pictures look alike to the network, and what it pays attention to."))
        return
    with show_errors():
        left, right = st.columns(2, gap="large")
        with left:
            {"map": feature_map.show, "confusion": confusion.show}[view](taught)
        number = chosen_picture.chosen(taught)
        with right:
            if number is None:
                st.info(
                    gettext("Choose a picture to see its neighbours and why it is read as it is."),
                    icon=":material/touch_app:",
                )
            else:
                _show_detail(taught, number)


def _show_detail(taught: TaughtSet, number: int) -> None:
    _, picture = taught.classes.pictures[number]
    name = escape_markdown(taught.classes.names[taught.features.labels[number]])
    file = escape_markdown(picture.name or gettext("Picture"))
    st.markdown(gettext("**{file}**, taught as **{name}**", file=file, name=name))
    activation_maps.show_taught(taught, number)
    neighbours.show(taught, number)
