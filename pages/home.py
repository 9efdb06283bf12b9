"""Home: an introduction, one digit read, one digit drawn, and links to the other pages."""

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.figures.classification import NetworkAnswer, ranked_probabilities
from core.language import gettext
from pages.parts.shared import model_picker, navigation
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.picture_urls import enlarged
from pages.parts.shared.still_chart import still_chart


def next_seed(key: str) -> None:
    """Count a seed in the session's state up."""
    st.session_state[key] += 1


def draw_buttons(label: str, key: str, seed: str, page: str, link: str) -> None:
    """Draw a card's button, which changes the seed of that key in the session, and its link to a page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(label, icon=":material/refresh:", key=key, on_click=next_seed, args=(seed,))
        st.page_link(page, label=link, icon=":material/arrow_forward:")


@st.fragment
@show_errors()
def show_reading() -> None:
    """Show a digit with the answers of two networks; its button runs only this part again."""
    st.subheader(gettext("Read a digit"), icon=":material/image_search:")
    seed = st.session_state.setdefault("home digit", 35)
    pixels = render(np.array([seed % 10]), seed)[0]
    picture, chart = st.columns([1, 2], vertical_alignment="center")
    picture.image(enlarged(pixels), alt=gettext("A digit drawn by this app"), width=168)
    readers = [
        model_picker.classifier(choice)
        for choice in model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    ]
    answers = [
        NetworkAnswer(
            model_picker.network_title(r.card.title), r.card.family, r.probabilities(pixels[None])[0]
        )
        for r in readers
    ]
    if answers:
        still_chart(
            ranked_probabilities(answers, readers[0].card.classes, most=3),
            key="home answers",
            alt=gettext("Ranked probabilities of each network"),
            place=chart,
        )
    draw_buttons(
        gettext("Show another digit"),
        "another digit",
        "home digit",
        navigation.CLASSIFY,
        gettext("Read your own picture"),
    )


@st.fragment
@show_errors()
def show_drawing() -> None:
    """Show a drawn digit; its button runs only this part again."""
    st.subheader(gettext("Draw a digit"), icon=":material/draw:")
    seed = st.session_state.setdefault("home drawing", 7)
    generators = model_picker.choices("gan")
    if generators:
        generator = model_picker.generator(generators[0])
        label = seed % len(generator.card.classes)
        pixels = generator.draw(np.array([label]), generator.latent(1, seed))[0]
        picture, words = st.columns([1, 2], vertical_alignment="center")
        picture.image(enlarged(pixels), alt=gettext("A digit drawn by the GAN"), width=168)
        words.markdown(
            gettext(
                "The GAN was asked for **{name}** and drew this image from {count} random numbers. Nobody "
                "has ever written it.",
                name=escape_markdown(generator.card.classes[label]),
                count=generator.latent_size,
            )
        )
    else:
        st.caption(gettext("There is no generator yet. Train a GAN to see it draw here."))
    draw_buttons(
        gettext("Draw another digit"),
        "another drawing",
        "home drawing",
        navigation.GENERATE,
        gettext("Draw many digits"),
    )


navigation.ensure_declared()

st.title(gettext("Deep Image Lab"))
st.markdown(
    gettext(
        "Watch neural networks **read**, **learn** and **draw** small images. A convolutional "
        "network (CNN) and a recurrent network (RNN) read your pictures, and a generative adversarial "
        "network (GAN) draws digits that nobody has written. You can train networks of your own, too."
    )
)

reading, drawing = st.columns(2, gap="medium", border=True)
with reading:
    show_reading()
with drawing:
    show_drawing()

with st.container(border=True):
    st.subheader(gettext("Teach your own classes"), icon=":material/school:")
    st.markdown(
        gettext(
            "Show the app a few pictures of each of your classes, such as three kinds of cups. It learns to "
            "tell them apart while you add pictures, and says how often it was right."
        )
    )
    st.page_link(navigation.TEACH, label=gettext("Teach classes"), icon=":material/arrow_forward:")

with st.container(border=True):
    st.subheader(gettext("Train a network"), icon=":material/model_training:")
    st.markdown(
        gettext(
            "Choose a network and a data set, start the training, and watch loss and accuracy while the "
            "network learns. You can then use the trained network to read your pictures, or to draw."
        )
    )
    st.page_link(navigation.TRAIN, label=gettext("Choose a network"), icon=":material/arrow_forward:")

with st.container(border=True):
    st.subheader(gettext("Look inside a network"), icon=":material/calculate:")
    st.markdown(
        gettext(
            "Follow the arithmetic on your own picture: every map, kernel and sum, with the real numbers."
        )
    )
    st.page_link(navigation.INSIDE, label=gettext("Follow the arithmetic"), icon=":material/arrow_forward:")
