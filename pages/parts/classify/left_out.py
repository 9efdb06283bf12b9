"""Mend a reading: bring back marks that were left out of it, and turn the picture."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from PIL import Image, ImageDraw

from core.images.components import EDGE, FAINT, RULING, SPECK
from core.images.digits import brought_back
from core.inference.picture_reading import Prepared
from core.language import N_, gettext, ngettext
from pages.parts.shared import preparation
from pages.parts.shared.uploads import File

KINDS = {
    RULING: N_("line of the paper"),
    SPECK: N_("too small or too flat"),
    FAINT: N_("another pen"),
    EDGE: N_("at the edge of the paper"),
}
OUTLINE = (217, 119, 6)
KEY = "brought back"


def with_brought_back(prepared: Prepared, picture: str) -> Prepared:
    """Return a picture in which the marks that the visitor chose are glyphs; ``picture`` is its key."""
    chosen = st.session_state.get(f"{KEY} {picture}")
    return replace(prepared, reading=brought_back(prepared.reading, chosen)) if chosen else prepared


def offer_turn(prepared: Prepared, file: File) -> None:
    """Say how a picture was turned to be read, with a button that turns it further."""
    if file.within is not None or file.is_example:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if prepared.turn:
            told = gettext("Turned by {degrees}° to be read.", degrees=90 * prepared.turn)
            st.markdown(told, width="content")
        st.button(
            gettext("Turn picture"),
            icon=":material/rotate_right:",
            type="tertiary",
            key="turn picture",
            on_click=preparation.turn,
            args=(file,),
        )


def show(prepared: Prepared, picture: str) -> None:
    """Show the marks left out, as outlines on the picture, with a button each that brings it back."""
    specks = prepared.reading.specks
    if prepared.reading.left_out:
        _show_marks(prepared, picture)
    if specks:
        told = ngettext(
            "{count} speck was left out and is not listed.",
            "{count} specks were left out and are not listed.",
            specks,
        )
        st.caption(told)


def _show_marks(prepared: Prepared, picture: str) -> None:
    marks = prepared.reading.left_out
    title = ngettext("{count} mark left out", "{count} marks left out", len(marks))
    with st.expander(title, icon=":material/ink_eraser:", key="left out"):
        outlined = gettext("The picture with outlines of the marks left out")
        st.image(_outlined(prepared), caption=outlined, alt=outlined)
        st.pills(
            gettext("Read as glyphs"),
            range(len(marks)),
            selection_mode="multi",
            format_func=lambda i: gettext(
                "{number}: {kind}", number=i + 1, kind=gettext(KINDS[marks[i].kind])
            ),
            key=f"{KEY} {picture}",
            wrap=True,
        )


def _outlined(prepared: Prepared) -> Image.Image:
    image = prepared.picture.image.convert("RGB")
    draw = ImageDraw.Draw(image)
    scale = image.width / prepared.picture.size[0]
    for i, mark in enumerate(prepared.reading.left_out):
        left, top, right, bottom = (round(scale * edge) for edge in mark.glyph.box)
        draw.rectangle((left - 1, top - 1, right, bottom), outline=OUTLINE, width=2)
        draw.text((left + 3, max(0, top - 12)), f"{i + 1}", fill=OUTLINE)
    return image
