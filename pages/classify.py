"""Classify: pictures in, what the networks see in them out."""

import numpy as np
import streamlit as st

from core.figures.classification import Opinion, ranked_probabilities
from pages.parts import house, inbox, models
from pages.parts.errors import in_words, plain
from pages.parts.pictures import enlarged

house.enter()

st.title("Classify")
st.caption("Bring pictures of handwritten digits: photographs, scans or drawings, one digit or many.")

files = inbox.uploads()
if not files:
    inbox.invitation()
    st.stop()

with in_words():
    chosen = models.pick_classifiers()
    if not chosen:
        st.info("Choose at least one network to read with.", icon=":material/touch_app:")
        st.stop()
    readers = [models.classifier(choice) for choice in chosen]

    read, failed = inbox.read_all(files, readers)
    for error in failed:
        st.error(plain(error), icon=":material/error:")
    if not read:
        st.stop()

    shown = inbox.pick(read, [reader.card.title for reader in readers])
    prepared, answers = shown.prepared, shown.answers

    st.subheader(plain(prepared.name) if len(read) > 1 else "What the networks see")
    inbox.steps(prepared)
    glyphs = prepared.reading.glyphs
    if not glyphs:
        st.info(
            "No digit was found: dark ink on light paper, or the reverse, reads best.",
            icon=":material/search_off:",
        )
        st.stop()

    if len(glyphs) > 1:
        for reader, given in zip(readers, answers, strict=True):
            st.metric(f"{reader.card.title} reads", inbox.as_text(given), border=True)
    place = inbox.pick_glyph(glyphs)

    picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    picture.image(
        enlarged(glyphs[place].pixels, 9),
        caption="28×28 pixels: all that the networks get",
        alt="The prepared digit",
    )
    opinions = [
        Opinion(reader.card.title, reader.card.family, given[place].probabilities)
        for reader, given in zip(readers, answers, strict=True)
    ]
    best = [opinion.probabilities.argmax() for opinion in opinions]
    classes = readers[0].card.classes
    verdict = "agree" if len(set(best)) == 1 else "disagree"
    with figure:
        if len(readers) > 1:
            likely = classes[int(np.bincount(best).argmax())]
            st.markdown(
                f"The networks agree: **{likely}**" if verdict == "agree" else "The networks **disagree**"
            )
        st.plotly_chart(
            ranked_probabilities(opinions, classes),
            key="answers",
            config={"displayModeBar": False},
            alt="Ranked probabilities of each network",
        )
