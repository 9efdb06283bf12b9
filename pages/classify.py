"""Classify: pictures in, what the networks see in them out."""

import streamlit as st

from core.figures.classification import Opinion, ranked_probabilities
from pages.parts import house, inbox, models, why
from pages.parts.errors import in_words, plain
from pages.parts.pictures import enlarged

house.enter()

st.title("Classify")
st.caption("Bring handwritten digits: photographs, scans or drawings, one digit or a page of them.")

entrance, answer = st.columns([1, 2], gap="large")
with entrance:
    files = inbox.files()
    chosen = models.pick_classifiers()

with answer, in_words():
    if not files:
        inbox.invitation()
        st.stop()
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
    glyphs = shown.prepared.reading.glyphs
    if not glyphs:
        st.info(
            "No digit was found: dark ink on light paper, or the reverse, reads best.",
            icon=":material/search_off:",
        )
        inbox.steps(shown.prepared)
        st.stop()

    inbox.readings(shown, [reader.card.title for reader in readers])
    place = inbox.pick_glyph(glyphs)
    picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    picture.image(
        enlarged(glyphs[place].pixels, 9),
        caption="28×28 pixels: all that the networks get",
        alt="The prepared digit",
    )
    opinions = [
        Opinion(reader.card.title, reader.card.family, given[place].probabilities)
        for reader, given in zip(readers, shown.answers, strict=True)
    ]
    figure.plotly_chart(
        ranked_probabilities(opinions, readers[0].card.classes),
        key="answers",
        config={"displayModeBar": False},
        alt="Ranked probabilities of each network",
    )
    why.show(glyphs[place].pixels, readers, int(opinions[0].probabilities.argmax()))
    st.markdown("**From the picture to the pixels**")
    inbox.steps(shown.prepared)
