"""Show the picture with a box around each glyph: its answer, number and doubt; a tap chooses it."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from core.images.decode import Picture
from core.images.encode import data_url
from core.inference.picture_reading import Answer, Prepared, Verdict
from core.language import gettext
from pages.parts.classify import left_out, robustness, verdicts
from pages.parts.classify.told import Told
from pages.parts.components.picture_boxes import MARK, BoxedPicture, GlyphBox, picture_boxes

GLYPH = "glyph"  # in the session's state: the index of the chosen glyph,
NUMBER = "glyph number"  # and the field in which its number is typed
MAX_BUTTONS = 12  # glyphs that a row of buttons can offer
WIDE = 2.2  # times its height is the width of a wide picture
SHOWN_OF = "shown picture's key"  # in the session's state
SHOWN = "shown picture"  # in the session's state: the picture that was encoded last, and its data URL


def show(prepared: Prepared, told: Told | None, picture: str) -> None:
    """Draw the picture with a box for each answer to a glyph, and one for each mark that was left out.

    Args:
        prepared: the picture as it was found, without marks that were brought back.
        told: the answers to its glyphs; None if it is read as a whole.
        picture: the picture's key.
    """
    boxes = [_box(i, given, told.columns[-1].family) for i, given in enumerate(told.answers)] if told else []
    marks = left_out.shown_marks(prepared, picture) if told else []
    outlines = [GlyphBox(mark.glyph.box, f"{i + 1}", "", MARK, left_out.title(i, mark)) for i, mark in marks]
    picture_boxes(
        BoxedPicture(
            _url(prepared.picture.image), prepared.picture.size, boxes, outlines, is_wide(prepared.picture)
        ),
        key="boxes",
        alt=gettext("The picture with a box around each glyph") if boxes else gettext("The picture"),
        chosen=chosen(len(boxes)) if boxes else None,
        on_choose=_choose,
        on_bring_back=lambda place: left_out.bring_back(picture, marks[place][0]),
    )


def is_wide(picture: Picture) -> bool:
    """Return whether a picture is so wide that nothing has room beside it."""
    width, height = picture.size
    return width > WIDE * height


def start_again(picture: str) -> None:
    """Forget the chosen glyph and how it was corrupted if another picture than before is shown."""
    if st.session_state.get(SHOWN_OF, picture) != picture:
        st.session_state[GLYPH] = 0
        robustness.start_again()
    st.session_state[SHOWN_OF] = picture


def chosen(count: int) -> int:
    """Return the index of the glyph to look at, of so many."""
    return min(st.session_state.get(GLYPH) or 0, count - 1)


def pick_glyph(count: int) -> None:
    """Show a choice among the glyphs of a picture, unless there is only one."""
    st.session_state[GLYPH] = chosen(count)
    if 1 < count <= MAX_BUTTONS:
        st.segmented_control(
            gettext("Glyph"),
            range(count),
            required=True,
            format_func=lambda i: f"{i + 1}",
            key=GLYPH,
            label_visibility="collapsed",
            wrap=True,
        )
    elif count > MAX_BUTTONS:
        st.session_state[NUMBER] = chosen(count) + 1
        st.number_input(gettext("Glyph"), 1, count, key=NUMBER, width=140, on_change=_choose_number)


def _choose(glyph: int) -> None:
    st.session_state[GLYPH] = glyph


def _choose_number() -> None:
    st.session_state[GLYPH] = st.session_state[NUMBER] - 1


def _box(i: int, given: Answer, family: str) -> GlyphBox:
    sign = "?" if given.verdict is Verdict.UNKNOWN else given.label
    title = gettext(
        "Glyph {number}: {answer}, {verdict}",
        number=i + 1,
        answer=sign,
        verdict=verdicts.with_probability(given.verdict, given.probability, family),
    )
    text = f"{sign}?" if given.verdict is Verdict.UNSURE else sign
    return GlyphBox(given.glyph.box, text, f"{i + 1}", given.verdict.value, title)


def _url(image: Image.Image) -> str:
    """Return the picture's data URL; the session keeps the last one."""
    kept = st.session_state.get(SHOWN)
    if kept is None or kept[0] is not image:
        kept = st.session_state[SHOWN] = image, data_url(image, jpeg=True)
    return kept[1]
