"""The one picture that all of Inside looks at: example, drawing or upload, kept in the link."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.errors import ImageError
from core.images.decode import decode
from core.images.digits import find_digits
from core.images.glyph_links import from_code, to_code
from pages.parts.classify import drawing_link
from pages.parts.classify.picture_input import TYPES
from pages.parts.components.canvas import canvas
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.picture_urls import enlarged

SOURCES = ("Example", "Draw", "Upload")
EXAMPLE, SEED = 3, 1
MOST = 20  # digits of one upload to choose from
KEPT = "inside picture"  # for the way back from another page, whose link has no drawing


def picture() -> np.ndarray:
    """The visitor's glyph (28×28 uint8, light ink on black), shown with a button to change it.

    A picture that cannot be read, or has no ink, is said so in a sentence, and the one before is kept.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="inside-picture"):
        shown = st.empty()
        with st.popover("Your picture", icon=":material/edit:"):
            _change()
    pixels = _kept()
    shown.image(enlarged(pixels, 3), alt="Your picture, 28×28", width=84)
    if not pixels.any():
        st.info(
            "This picture has no ink: the networks see only black. Draw something, or take an example.",
            icon=":material/ink_eraser:",
        )
    return pixels


def example(digit: int) -> np.ndarray:
    """A digit in this project's own hand, 28×28 uint8."""
    return render(np.array([digit]), SEED)[0]


def _kept() -> np.ndarray:
    """The picture of the link, else of this session, else the first example."""
    code = st.query_params.get(drawing_link.KEY) or st.session_state.get(KEPT)
    if not code:
        return example(EXAMPLE)
    try:
        pixels = from_code(code)[0]
    except ImageError as error:
        st.error(escape_markdown(f"{error} Until then an example stands here."), icon=":material/error:")
        st.session_state.pop(KEPT, None)
        return example(EXAMPLE)
    _keep(code)
    return pixels


def _keep(code: str | None) -> None:
    st.session_state[KEPT] = code
    if code and st.query_params.get(drawing_link.KEY) != code:
        st.query_params[drawing_link.KEY] = code


def _change() -> None:
    source = st.segmented_control(
        "Picture from", SOURCES, default=SOURCES[0], required=True, key="inside source"
    )
    if source == "Draw":
        _take(canvas("inside drawing"), "drawing.png")
    elif source == "Upload":
        file = st.file_uploader("A picture of a digit", [t for t in TYPES if t != "zip"], key="inside upload")
        _take(file.getvalue() if file else None, file.name if file else "")
    else:
        with st.container(horizontal=True, width=300):
            for digit in range(10):
                st.button(str(digit), key=f"inside example {digit}", on_click=_take_example, args=(digit,))


def _take_example(digit: int) -> None:
    _keep(to_code([example(digit)]))


def _take(content: bytes | None, name: str) -> None:
    """Keeps the digit in a file. A file is taken once: a link or an example chosen after it wins."""
    if not content:
        return
    try:
        glyphs = find_digits(decode(content, name)).glyphs[:MOST]
    except ImageError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return
    if not glyphs:
        st.info(
            "No ink was found in this picture; draw darker on lighter paper.", icon=":material/ink_eraser:"
        )
        return
    place = 0
    if len(glyphs) > 1:
        place = (
            st.segmented_control(
                "Digit",
                range(len(glyphs)),
                default=0,
                required=True,
                format_func=lambda i: f"{i + 1}",
                key="inside glyph",
            )
            or 0
        )
    taken = (hashlib.sha256(content).hexdigest(), place)
    if st.session_state.get("inside taken") != taken:
        st.session_state["inside taken"] = taken
        _keep(to_code([glyphs[min(place, len(glyphs) - 1)].pixels]))
