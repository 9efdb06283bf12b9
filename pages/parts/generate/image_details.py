"""One image enlarged, with what the discriminator, the classifiers and the training images tell about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.errors import LabError
from core.images.encode import png
from core.images.grid import enlargement, grid
from core.inference.discriminator_answer import answer_for
from core.language import gettext, percent
from core.runs.report.titles import dataset_title
from pages.parts.generate import input_fields
from pages.parts.generate.local_dataset import nearest_training_image, training_images
from pages.parts.generate.source import Source
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown

LARGE, MEDIUM = 224, 112  # pixels of an image on the screen


def show(
    source: Source, images: np.ndarray, labels: np.ndarray, number: int, seed: int, scale: float
) -> None:
    """Show the image of a number among the images of a grid (N×H×W×C uint8) and their classes (N)."""
    label, image = int(labels[number]), images[number]
    st.image(
        png(grid(image[None], scale=enlargement(image[None], LARGE))),
        alt=gettext("Image {number} of seed {seed}, enlarged", number=number, seed=seed),
        width="content",
    )
    st.caption(
        gettext(
            "Image {number} of seed {seed}, class {name}. The link of this page opens it again.",
            number=number,
            seed=seed,
            name=escape_markdown(source.classes[label]),
        )
    )
    st.markdown(_discriminator_answer(source, images, labels, number))
    _show_readings(source, image)
    with st.container(horizontal=True):
        st.button(
            gettext("Explore directions"),
            icon=":material/tune:",
            on_click=input_fields.open_view("directions", base=label, seed=seed, place=number, scale=scale),
            key="open directions",
        )
        st.button(
            gettext("Interpolate from here"),
            icon=":material/route:",
            on_click=input_fields.open_view(
                "travel", **{"from": label, "from-seed": seed, "from-image": number, "scale": scale}
            ),
            key="open travel",
        )
    _show_nearest(source, image)


def _discriminator_answer(source: Source, images: np.ndarray, labels: np.ndarray, number: int) -> str:
    try:
        logits = model_picker.discriminator(source.choice).logits(images, labels)
    except LabError:
        return gettext(
            "**The discriminator** was not kept with this generator, so it cannot rate this image."
        )
    answer = answer_for(logits, number)
    probability, share = answer.probability, answer.higher_than
    if share is None:
        if answer.is_real:
            return gettext("**The discriminator** thinks this one is real: D(x) = {p:.2f}.", p=probability)
        return gettext("**The discriminator** thinks this one is generated: D(x) = {p:.2f}.", p=probability)
    if answer.is_real:
        return gettext(
            "**The discriminator** thinks this one is real: D(x) = {p:.2f}, higher than for {share:.0%} of "
            "the other images on this grid.",
            p=probability,
            share=share,
        )
    return gettext(
        "**The discriminator** thinks this one is generated: D(x) = {p:.2f}, higher than for {share:.0%} of "
        "the other images on this grid.",
        p=probability,
        share=share,
    )


def _show_readings(source: Source, image: np.ndarray) -> None:
    """Say what the classifiers read in the image."""
    for choice in model_picker.classifiers_for(source.choice):
        reader = model_picker.classifier(choice)
        probabilities = reader.probabilities(image[None])[0]
        best = int(probabilities.argmax())
        if probabilities[best] < reader.card.refuse_below:
            st.markdown(
                gettext("**{network}** cannot tell what it is.", network=escape_markdown(choice.title))
            )
            continue
        st.markdown(
            gettext(
                "**{network}** reads {label}, with a probability of {p}.",
                network=escape_markdown(choice.title),
                label=escape_markdown(reader.card.classes[best]),
                p=percent(float(probabilities[best])),
            )
        )


def _show_nearest(source: Source, image: np.ndarray) -> None:
    """Show the training image that is nearest to the image, if there are training images on this machine."""
    name = source.generator.card.dataset
    data = training_images(source.generator.card)
    if data is None:
        st.caption(
            gettext(
                "{dataset} is not on this machine, so the nearest training image cannot be shown.",
                dataset=escape_markdown(dataset_title(name)),
            )
        )
        return
    index, distance = nearest_training_image(image, data.info.name)
    nearest = data.x_train[index][None]
    st.image(
        png(grid(nearest, scale=enlargement(nearest, MEDIUM))),
        alt=gettext("The nearest training image"),
        width="content",
    )
    st.caption(
        gettext(
            "The nearest of {count:,} training images: class {name}, {distance:,.0f} levels away "
            "(Euclidean distance).",
            count=len(data.x_train),
            name=escape_markdown(data.info.classes[int(data.y_train[index])]),
            distance=distance,
        )
    )
    if data.info.name != name:
        st.caption(
            gettext(
                "{dataset} is not on this machine, so the image was reduced and compared with {other}.",
                dataset=escape_markdown(dataset_title(name)),
                other=escape_markdown(dataset_title(data.info.name)),
            )
        )
