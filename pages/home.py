"""Home: what this is, one digit read and one drawn, doors to the rest."""

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.figures.classification import NetworkAnswer, ranked_probabilities
from pages.parts.shared import model_picker, navigation
from pages.parts.shared.error_messages import show_errors
from pages.parts.shared.picture_urls import enlarged

navigation.ensure_declared()

st.title("Deep Image Lab")
st.markdown(
    "Watch neural networks **read**, **learn** and **draw** small images. A CNN and an RNN read your "
    "pictures, either can be trained here while you watch, and a GAN draws digits that nobody has written."
)

reading, drawing = st.columns(2, gap="medium", border=True)

with reading, show_errors():
    st.subheader("A digit, read", icon=":material/image_search:")
    seed = st.session_state.setdefault("home digit", 35)
    pixels = render(np.array([seed % 10]), seed)[0]
    picture, answers = st.columns([1, 2], vertical_alignment="center")
    picture.image(enlarged(pixels), alt="A digit drawn by this app", width=168)
    readers = [
        model_picker.classifier(choice)
        for choice in model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    ]
    opinions = [NetworkAnswer(r.card.title, r.card.family, r.probabilities(pixels[None])[0]) for r in readers]
    if opinions:
        figure = ranked_probabilities(opinions, readers[0].card.classes, most=3)
        answers.plotly_chart(
            figure, key="home answers", config={"displayModeBar": False}, alt="Ranked answers"
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Another digit", icon=":material/refresh:", key="another digit"):
            st.session_state["home digit"] = seed + 1
            st.rerun()
        st.page_link(navigation.CLASSIFY, label="Bring your own picture", icon=":material/arrow_forward:")

with drawing, show_errors():
    st.subheader("A digit, drawn", icon=":material/draw:")
    seed = st.session_state.setdefault("home drawing", 7)
    artists = model_picker.choices("gan")
    if artists:
        generator = model_picker.generator(artists[0])
        label = seed % len(generator.card.classes)
        pixels = generator.draw(np.array([label]), generator.latent(1, seed))[0]
        picture, words = st.columns([1, 2], vertical_alignment="center")
        picture.image(enlarged(pixels), alt="A digit drawn by the GAN", width=168)
        words.markdown(
            f"Asked for **{generator.card.classes[label]}**, the GAN drew this one from "
            f"{generator.latent_size} random numbers. Nobody ever wrote it."
        )
    else:
        st.caption("No generator is at hand yet. Train a GAN, and it draws here.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Draw another", icon=":material/refresh:", key="another drawing"):
            st.session_state["home drawing"] = seed + 1
            st.rerun()
        st.page_link(navigation.GENERATE, label="Draw a whole sheet", icon=":material/arrow_forward:")

with st.container(border=True):
    st.subheader("A network, learning", icon=":material/model_training:")
    st.markdown(
        "Choose a network and a data set, press Start, and follow loss and accuracy while it learns. "
        "What you trained can then read your pictures, or draw."
    )
    st.page_link(navigation.TRAIN, label="Train a network", icon=":material/arrow_forward:")

with st.container(border=True):
    st.subheader("A network, from inside", icon=":material/calculate:")
    st.markdown(
        "Follow the arithmetic with your own picture: every map, kernel and sum, with the real numbers."
    )
    st.page_link(navigation.INSIDE, label="Look inside", icon=":material/arrow_forward:")
