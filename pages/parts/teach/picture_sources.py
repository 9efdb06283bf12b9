"""Ways to bring pictures of one class: files, the camera, a drawing, the clipboard."""

from __future__ import annotations

import streamlit as st

from core.class_sets.class_set import ClassSet
from core.language import N_, gettext
from pages.parts.classify.picture_input import TYPES
from pages.parts.components.camera import record
from pages.parts.components.canvas import canvas
from pages.parts.components.paste import paste
from pages.parts.shared import uploads
from pages.parts.shared.uploads import File
from pages.parts.teach import adding

SOURCES = {
    "upload": N_("Upload"),
    "camera": N_("Camera"),
    "draw": N_("Draw"),
    "paste": N_("Paste"),
}
SINGLE = [kind for kind in TYPES if kind != "zip"]
UPLOADER = "taught pictures"

_ROUND = "round of a class"  # in the session's state: counts what was added, so that each input starts empty


def show(described: ClassSet, name: str) -> None:
    """Draw the ways to bring pictures, and add what is brought to the class of that name."""
    source = pick_source(gettext("Picture source"), "source of a class")
    number = st.session_state.get(_ROUND, 0)
    files = {"upload": _uploaded, "camera": _recorded, "draw": _drawn, "paste": _pasted}[source](number)
    if files:
        adding.add_files(described, name, files)
        st.session_state[_ROUND] = number + 1
        st.rerun()


def pick_source(label: str, key: str) -> str:
    """Draw the choice of a source and return its id; a visit elsewhere forgets no choice."""
    kept = f"{key} kept"
    if st.session_state.get(key) not in SOURCES:  # the browser says None while it draws the page again
        st.session_state[key] = st.session_state.get(kept, "upload")
    st.pills(
        label,
        list(SOURCES),
        required=True,
        format_func=lambda source: gettext(SOURCES[source]),
        key=key,
        label_visibility="collapsed",
        wrap=True,
    )
    st.session_state[kept] = st.session_state[key]
    return st.session_state[key]


def _uploaded(number: int) -> list[File]:
    key = f"upload {number}"

    def move() -> None:
        uploads.move_to_disk(st.session_state[key], UPLOADER)

    uploaded = st.file_uploader(
        gettext("Pictures"),
        SINGLE,
        accept_multiple_files=True,
        key=key,
        label_visibility="collapsed",
        on_change=move,
    )
    found = uploads.move_to_disk(uploaded, UPLOADER)
    uploads.show_refused(UPLOADER)
    return found


def _recorded(number: int) -> list[File]:
    taken = record("class camera")  # it stays open from one recording to the next
    return [File.of(gettext("camera {k}.jpg", k=k), picture) for k, picture in enumerate(taken, 1)]


def _drawn(number: int) -> list[File]:
    drawing = canvas(f"drawing {number}")
    pressed = st.button(
        gettext("Add drawing"), icon=":material/add:", key="add drawing", disabled=drawing is None
    )
    return [File.of(gettext("drawing.png"), drawing)] if drawing and pressed else []


def _pasted(number: int) -> list[File]:
    pasted = paste(f"clipboard {number}")
    return [File.of(gettext("pasted.png"), pasted)] if pasted else []
