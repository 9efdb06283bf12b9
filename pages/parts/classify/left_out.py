"""Mend a reading: bring back marks that were left out of it, and turn the picture."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.images.components import EDGE, FAINT, RULING, SEPARATOR, SPECK
from core.images.digits import LeftOut, brought_back
from core.inference.picture_reading import Prepared
from core.language import N_, gettext, ngettext
from pages.parts.shared import preparation
from pages.parts.shared.uploads import File

KINDS = {
    RULING: N_("line of the paper"),
    SPECK: N_("too small or too flat"),
    FAINT: N_("another pen"),
    EDGE: N_("at the edge of the paper"),
    SEPARATOR: N_("slash between numbers"),
}
KEY = "brought back"
SECTION = "left out"


def with_brought_back(prepared: Prepared, picture: str) -> Prepared:
    """Return a picture in which the marks that the visitor chose are glyphs; ``picture`` is its key."""
    chosen = st.session_state.get(key_of(picture))
    return replace(prepared, reading=brought_back(prepared.reading, chosen)) if chosen else prepared


def offer_turn(prepared: Prepared, file: File) -> None:
    """Say how far a picture was turned, by the app or the visitor, with a button that turns it further."""
    if file.within is not None or file.is_example:
        return
    if prepared.turn:
        told = gettext("Turned by {degrees}°.", degrees=90 * prepared.turn)
        st.markdown(told, width="content")
    st.button(
        gettext("Turn picture"),
        icon=":material/rotate_right:",
        type="tertiary",
        key="turn picture",
        on_click=preparation.turn,
        args=(file,),
    )


def shown_marks(prepared: Prepared, picture: str) -> list[tuple[int, LeftOut]]:
    """Return the marks to outline on the picture, with their indices: those left out, once asked for."""
    if not st.session_state.get(SECTION):
        return []
    back = st.session_state.get(key_of(picture)) or []
    return [(i, mark) for i, mark in enumerate(prepared.reading.left_out) if i not in back]


def bring_back(picture: str, mark: int) -> None:
    """Read a mark, by its index, as a glyph from the next run on."""
    st.session_state[key_of(picture)] = [*(st.session_state.get(key_of(picture)) or []), mark]


def title(i: int, mark: LeftOut) -> str:
    """Return what is said of a mark by its index."""
    return gettext("{number}: {kind}", number=i + 1, kind=gettext(KINDS[mark.kind]))


def show(prepared: Prepared, picture: str) -> None:
    """Show a section that outlines the marks left out on the picture, and brings them back."""
    marks, specks = prepared.reading.left_out, prepared.reading.specks
    if marks:
        label = ngettext("{count} mark left out", "{count} marks left out", len(marks))
        with st.expander(label, icon=":material/ink_eraser:", key=SECTION, on_change="rerun"):
            st.pills(
                gettext("Read as glyphs"),
                range(len(marks)),
                selection_mode="multi",
                format_func=lambda i: title(i, marks[i]),
                key=key_of(picture),
                wrap=True,
            )
            st.caption(gettext("They are outlined on the picture; a click on one reads it as well."))
    if specks:
        told = ngettext(
            "{count} speck was left out and is not listed.",
            "{count} specks were left out and are not listed.",
            specks,
        )
        st.caption(told)


def key_of(picture: str) -> str:
    """Return where the session's state has the marks that were brought back to a picture, by its key."""
    return f"{KEY} {picture}"
