"""Choose what reads a picture: networks that know digits, clothes, or a thousand things."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import ImageError
from core.images.picture_kind import CLOTHING, DIGIT, THING
from core.language import N_, gettext
from pages.parts.classify import many_pictures
from pages.parts.shared import model_picker, preparation
from pages.parts.shared.model_picker import Choice
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.uploads import File

KEY, AUTO = "read with", "auto"
FAMILIES = ("cnn", "rnn", "backbone")
KINDS = {  # what the networks know
    AUTO: N_("Automatic"),
    DIGIT: N_("Digits"),
    CLOTHING: N_("Clothes"),
    THING: N_("Photograph"),
}
TAKEN_FOR = {
    DIGIT: N_("Read as digits."),
    CLOTHING: N_("Read as clothes."),
    THING: N_("Read as a photograph."),
}
OTHERWISE = {
    DIGIT: N_("Read as digits"),
    CLOTHING: N_("Read as clothes"),
    THING: N_("Read as a photograph"),
}


def pick_kind() -> str:
    """Draw the choice of what to read with; return its id. A drawing is read as digits without asking."""
    if _is_drawn():
        return AUTO
    return pick_option(
        gettext("Read as"),
        KINDS,
        KEY,
        default=AUTO,
        wrap=True,
        help=gettext(
            "“Automatic” decides for each picture whether it shows digits, a piece of clothing on a plain "
            "background, or something else."
        ),
    )


def found_kind(picked: str, chosen: Sequence[Choice], files: Sequence[File]) -> str | None:
    """Return the kind of picture to read: the picked one, or what the first of the pictures is taken for.

    None means that the visitor has chosen networks by hand, which then read whatever they get.
    """
    if picked != AUTO:
        return picked
    if list(chosen) != model_picker.default_pair(model_picker.choices("cnn", "rnn")):
        return None
    if _is_drawn() or (first := many_pictures.first_picture(files)) is None:
        return DIGIT
    try:
        return preparation.prepared(first, thorough=False).kind
    except ImageError:
        return DIGIT  # the sentence about the damaged picture follows


def choices_for(kind: str, chosen: Sequence[Choice]) -> list[Choice]:
    """Return the chosen networks that know a kind of picture; if there are none, the app's own."""
    fitting = [choice for choice in chosen if choice.subject == kind]
    return fitting or [choice for choice in model_picker.choices(*FAMILIES) if choice.subject == kind][:1]


def _is_drawn() -> bool:
    return st.session_state.get("source") == "draw"


def show_taken_for(kind: str) -> None:
    """Say what the picture was taken for, with a button for each other way to read it; not of a drawing."""
    if _is_drawn():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(gettext(TAKEN_FOR[kind]), width="content")
        for other in TAKEN_FOR:
            if other != kind:
                st.button(
                    gettext(OTHERWISE[other]),
                    key=f"read as {other}",
                    type="tertiary",
                    on_click=_read_as,
                    args=(other,),
                )


def _read_as(kind: str) -> None:
    st.session_state[KEY] = kind
