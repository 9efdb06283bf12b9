"""What the networks answer to one picture: readings, ranked probabilities, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.figures.classification import Opinion, ranked_probabilities
from core.inference.classifier import Classifier
from core.inference.reading import Answer
from pages.parts import inbox, why
from pages.parts.pictures import enlarged


def show(task: Sequence[tuple[Classifier, list[Answer]]]) -> None:
    """The answers of networks that tell the same classes apart."""
    readers = [reader for reader, _ in task]
    glyphs = [given.glyph for given in task[0][1]]
    if not glyphs:
        st.info(
            "No digit was found: dark ink on light paper, or the reverse, reads best.",
            icon=":material/search_off:",
        )
        return
    inbox.readings(task)
    place = inbox.pick_glyph(len(glyphs))
    opinions = [Opinion(r.card.title, r.card.family, given[place].probabilities) for r, given in task]
    pixels = glyphs[place].pixels
    picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    height, width = pixels.shape[:2]
    picture.image(
        enlarged(pixels, 9),
        caption=f"{width}×{height} pixels: all that the networks get",
        alt="The prepared picture",
    )
    figure.plotly_chart(
        ranked_probabilities(opinions, readers[0].card.classes),
        key=f"answers {readers[0].bundle.folder}",
        config={"displayModeBar": False},
        alt="Ranked probabilities of each network",
    )
    why.show(pixels, readers, int(opinions[0].probabilities.argmax()))
