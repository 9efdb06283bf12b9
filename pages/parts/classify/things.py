"""Photographs: the exact names behind the everyday words, and why there may be no answer."""

from __future__ import annotations

import streamlit as st

from core.inference.picture_reading import Answer
from core.inference.word_classifier import SURE, WordClassifier
from core.language import gettext, join, percent
from pages.parts.shared.error_messages import escape_markdown

MOST_WORDS = 5
LEAST = 0.01  # probability of a name that is worth telling


def show_exact_names(given: Answer, reader: WordClassifier) -> None:
    """Show which of ImageNet's classes stand behind the likeliest words, and say so if none is likely."""
    if given.probability < SURE:
        st.info(
            gettext(
                "Not sure: no word has a probability of {least}% or more. The network knows a thousand "
                "kinds of animals, plants, things and dishes, one per picture, but hardly any people. It is "
                "often not sure about portraits and busy scenes.",
                least=round(100 * SURE),
            ),
            icon=":material/help:",
        )
    lines = []
    likeliest = [] if given.exact is None else reader.likeliest_words(given.exact, MOST_WORDS)
    for likely in likeliest:
        names = [(name, p) for name, p in likely.names if p >= LEAST]
        if names and [name for name, _ in names] != [likely.word]:
            told = [gettext("{name} {p}", name=escape_markdown(name), p=percent(p)) for name, p in names]
            word = escape_markdown(likely.word)
            lines.append(gettext("**{word}**: {names}", word=word, names=join(told)))
    if lines:
        st.caption(gettext("Exact names of the network's classes:") + "  \n" + "  \n".join(lines))
