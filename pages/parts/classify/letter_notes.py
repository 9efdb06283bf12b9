"""Say what each glyph was taken for, a letter or a digit, and which others it may be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from core.images.picture_kind import DIGIT, LETTER, SIGN
from core.inference.neighbours import kind_of_sign
from core.inference.picture_reading import Answer, as_text
from core.language import N_, gettext
from pages.parts.shared.error_messages import escape_markdown

TAKEN_FOR = {LETTER: N_("Letters: {text}"), DIGIT: N_("Digits: {text}")}
MAX_DOUBTS = 12  # named one by one


def show(answers: Sequence[Answer], subject: str) -> None:
    """Show the notes on answers of a network; ``subject`` is what its images show, as its card says it."""
    if subject not in (LETTER, SIGN) or not answers:
        return
    if subject == SIGN:
        st.caption(" · ".join(taken_for(answers)))
    if doubts := doubtful(answers):
        st.caption(gettext("Look alike, so doubtful: {glyphs}", glyphs="; ".join(doubts)))


def taken_for(answers: Sequence[Answer]) -> list[str]:
    """Return each run of letters or digits, in reading order, as Markdown."""
    runs = groupby(answers, key=lambda given: kind_of_sign(given.label))
    return [gettext(TAKEN_FOR[kind], text=escape_markdown(as_text(list(run)).strip())) for kind, run in runs]


def doubtful(answers: Sequence[Answer]) -> list[str]:
    """Return the glyphs that may show a look-alike, by their numbers."""
    found = [(number, given) for number, given in enumerate(answers, 1) if given.look_alike]
    return [
        gettext("{number}: {label} or {other}", number=number, label=given.label, other=given.look_alike)
        for number, given in found[:MAX_DOUBTS]
    ] + ["…"] * (len(found) > MAX_DOUBTS)
