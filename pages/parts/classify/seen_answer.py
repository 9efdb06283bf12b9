"""The answer to the picture that is looked at: the picture with its boxes, what is read, and sections."""

from __future__ import annotations

import streamlit as st

from pages.parts.classify import (
    answers,
    boxed_picture,
    left_out,
    letter_notes,
    picture_input,
    reading_choice,
    share,
)
from pages.parts.classify.looked_at import LookedAt
from pages.parts.classify.reading_choice import Networks
from pages.parts.components import once
from pages.parts.shared.error_messages import escape_markdown

PLACE = "seen answer"  # key of the container of the answer
_VIEWED = "viewed answer"  # in the session's state: the key of the picture


def show(seen: LookedAt, networks: Networks, is_drawn: bool) -> None:
    """Show the picture, what is read in it, and how to share that."""
    boxed_picture.start_again(seen.key)
    places = answers.arrange(seen.prepared.picture, is_drawn)
    with places.picture:
        if seen.file and not seen.is_single:
            st.markdown(f"**{escape_markdown(seen.file.name)}**")
        if not is_drawn or _has_boxes_to_tell_apart(seen):
            boxed_picture.show(seen.prepared, seen.of_glyphs, seen.key)
        with st.container(horizontal=True, vertical_alignment="center"):
            if networks.picked == reading_choice.AUTO and seen.kind in reading_choice.TAKEN_FOR:
                reading_choice.show_taken_for(networks, seen.kind, None if seen.is_single else seen.file)
            if seen.file and seen.of_glyphs and not is_drawn:
                left_out.offer_turn(seen.prepared, seen.file)
    answers.show(seen.tasks, places, is_drawn)
    with places.readings:
        for one in seen.tasks:
            letter_notes.show(one.answers, one.card.subject)
    with places.glyph:
        share.offer(seen.shown, seen.kind, networks, seen.tasks)


def _has_boxes_to_tell_apart(seen: LookedAt) -> bool:
    """Return whether a picture has several glyphs, or marks to outline: otherwise the board shows it all."""
    return len(seen.shown.reading.glyphs) > 1 or bool(left_out.shown_marks(seen.prepared, seen.key))


def bring_into_view(seen: LookedAt, is_drawn: bool) -> None:
    """Scroll to the answer to another picture than before; a drawing stays where the pen is."""
    if not is_drawn and st.session_state.get(_VIEWED) != seen.key:
        once.scroll_to(PLACE)
    st.session_state[_VIEWED] = seen.key


def show_sections(seen: LookedAt) -> None:
    """Show what else there is to say, in sections to open."""
    answers.show_sections(seen.tasks)
    if seen.of_glyphs:
        left_out.show(seen.prepared, seen.key)
        picture_input.show_steps(seen.shown)
