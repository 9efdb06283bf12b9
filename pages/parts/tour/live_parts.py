"""The live part of each chapter, made of the same parts as the pages."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

from core.contract.config import ClassifierConfig
from core.contract.config_links import to_query
from core.inside.convolution import forward
from core.inside.sandbox import PRESETS, WindowSetting, convolution
from core.language import N_, gettext
from pages.parts.generate import real_or_generated
from pages.parts.generate.source import Source
from pages.parts.home import answering_canvas, generated_image
from pages.parts.inside import row_reading, sandbox, training_steps, vanishing_gradients
from pages.parts.inside.gan_games import plane_game
from pages.parts.inside.picture_choice import picture
from pages.parts.inside.pooled_output import show_pooling
from pages.parts.remedies import compression_part, corruption_part
from pages.parts.shared import model_picker, navigation
from pages.parts.shared.error_messages import show_errors
from pages.parts.tour import program

TUTORIAL = ClassifierConfig(architecture="tutorial", dataset="mnist", epochs=5, batch_size=64)


def _connection() -> None:
    with st.container(width=260):
        generated_image.show()
    answering_canvas.show()


def _pooling() -> None:
    image = (picture() / np.float32(255))[..., None]
    step = convolution(np.array(PRESETS["vertical_edges"]), WindowSetting(3))
    st.caption(gettext("The kernel *Vertical edges* was laid over your picture. Its output is pooled here."))
    _pooled(forward(step, image))


@st.fragment
@show_errors()
def _pooled(result: np.ndarray) -> None:
    show_pooling(result)


def _real_or_generated() -> None:
    choice = next(iter(model_picker.choices("gan")), None)
    if choice is None:
        st.info(gettext("There is no generator yet. Train a GAN first."), icon=":material/draw:")
        return
    real_or_generated.show(Source(choice, model_picker.generator(choice)))


def _trends() -> None:
    compression_part.show()
    st.page_link(navigation.TEACH, label=gettext("Teach your own classes"), icon=":material/school:")


def _questions() -> None:
    corruption_part.show()
    st.markdown(gettext("**Where to test the answers**"))
    for page, label, icon in QUESTIONS:
        st.page_link(page, label=gettext(label), icon=icon)


def _program() -> None:
    program.show()
    label = gettext("Train this network")
    st.page_link(
        navigation.TRAIN, label=label, icon=":material/model_training:", query_params=_form(TUTORIAL)
    )


def _sources() -> None:
    st.markdown(gettext("**Where each source is at work in this app**"))
    for page, label, icon, query in SOURCES:
        st.page_link(page, label=gettext(label), icon=icon, query_params=query)


def _form(config: ClassifierConfig) -> dict[str, str]:
    """Return the query of a link to Train, whose form then holds this configuration."""
    return dict(parse_qsl(to_query(config)))


QUESTIONS = (
    (navigation.TRAIN, N_("Train with augmentation"), ":material/model_training:"),
    (navigation.TEACH, N_("Learn from few pictures"), ":material/school:"),
    (navigation.CLASSIFY, N_("See why a network answers as it does"), ":material/image_search:"),
    (navigation.INSIDE, N_("Look at a network’s maps"), ":material/calculate:"),
    (navigation.REMEDIES, N_("See which remedies help"), ":material/healing:"),
)
SOURCES = (  # in the order of the chapter
    (
        navigation.INSIDE,
        N_("Goodfellow and others: play the game of two networks"),
        ":material/calculate:",
        {"part": "contest"},
    ),
    (
        navigation.INSIDE,
        N_("LeCun, Bengio, Hinton: follow a picture through the layers"),
        ":material/calculate:",
        {"part": "convolution"},
    ),
    (
        navigation.TRAIN,
        N_("Chollet: train the CNN of the introductory programs"),
        ":material/model_training:",
        _form(TUTORIAL),
    ),
    (
        navigation.TRAIN,
        N_("Szegedy and others: train a network of the Inception style"),
        ":material/model_training:",
        _form(dataclasses.replace(TUTORIAL, architecture="inception")),
    ),
    (
        navigation.TRAIN,
        N_("Krizhevsky and others: train a network of the AlexNet style"),
        ":material/model_training:",
        _form(dataclasses.replace(TUTORIAL, architecture="alexnet")),
    ),
)
PARTS = {
    "connection": _connection,
    "convolution": lambda: sandbox.show(picture()),
    "pooling": _pooling,
    "cnn-training": training_steps.show,
    "rnn": lambda: row_reading.show(picture()),
    "rnn-training": lambda: vanishing_gradients.show(None),
    "gan": _real_or_generated,
    "gan-training": plane_game.show,
    "code": _program,
    "trends": _trends,
    "challenges": answering_canvas.show,
    "questions": _questions,
    "references": _sources,
}
MORE = {  # the page that has more of a chapter, and its view there
    "convolution": (navigation.INSIDE, {"part": "convolution"}),
    "pooling": (navigation.INSIDE, {"part": "convolution", "view": "kernel"}),
    "cnn-training": (navigation.INSIDE, {"part": "training"}),
    "rnn": (navigation.INSIDE, {"part": "memory"}),
    "rnn-training": (navigation.INSIDE, {"part": "memory", "view": "gradients"}),
    "gan": (navigation.GENERATE, {}),
    "gan-training": (navigation.INSIDE, {"part": "contest"}),
    "trends": (navigation.REMEDIES, {"part": "compression"}),
    "challenges": (navigation.REMEDIES, {"part": "doubt"}),
    "questions": (navigation.REMEDIES, {"part": "corruptions"}),
}
