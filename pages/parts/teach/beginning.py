"""Show a visitor without a class set what the page does, and an example to try."""

from __future__ import annotations

import streamlit as st

from core.class_sets.example_drawings import example_drawings
from core.errors import ClassSetError
from core.language import gettext
from pages.parts.teach import adding, chosen_set


def show() -> None:
    """Say in three steps what to do, and offer the example."""
    st.markdown(
        gettext(
            "1. **Name two or more classes**, such as your cup, your keys and your plant.\n"
            "2. **Add a few pictures of each**, at least two: files, the camera, drawings. Five are a good "
            "start.\n"
            "3. **Try it**: the app learns after every change, within a second, and names new pictures."
        )
    )
    st.button(
        gettext("Try with an example"),
        icon=":material/auto_awesome:",
        key="example set",
        on_click=_create,
        help=gettext("Three classes of drawings: houses, suns and fish"),
    )


def _create() -> None:
    try:
        made = chosen_set.create(gettext("Example"))
        chosen_set.add(
            made, [(gettext(name), picture, content) for name, picture, content in example_drawings()]
        )
    except ClassSetError as error:
        adding.tell([error.message])
