"""One image, larger: what the discriminator, the classifiers and the training images say of it."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.datasets import loaders
from core.datasets import registry as datasets
from core.datasets.loaders import Dataset
from core.errors import LabError
from core.images.encode import png
from core.images.grid import grid
from core.inference.fidelity import nearest
from pages.parts.generate import common
from pages.parts.generate.common import Source
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown

LARGE = 8  # times as large as it is


def closer(
    source: Source, images: np.ndarray, labels: np.ndarray, place: int, seed: int, scale: float
) -> None:
    """The image at a place of a sheet."""
    label, image = int(labels[place]), images[place]
    name = source.classes[label]
    st.image(
        png(grid(image[None], scale=LARGE)), alt=f"Image {place} of seed {seed}, larger", width="content"
    )
    st.caption(f"Image {place} of seed {seed}, asked for as {name}. The page's link opens it again.")
    said(source, images, labels, place)
    with st.container(horizontal=True):
        _button(
            "Turn its axes", ":material/tune:", "Directions", base=name, seed=seed, place=place, scale=scale
        )
        _button(
            "Travel from here",
            ":material/route:",
            "Travel",
            **{"from": name, "from-seed": seed, "from-image": place, "scale": scale},
        )
    neighbour(source, image)


def _button(label: str, icon: str, part: str, **state: object) -> None:
    st.button(label, icon=icon, on_click=common.go(part, **state))


def said(source: Source, images: np.ndarray, labels: np.ndarray, place: int) -> None:
    """What the discriminator and the classifiers say of one image of several."""
    st.markdown("**The discriminator** " + _verdict(source, images, labels, place))
    for choice in common.judges(source):
        reader = model_picker.classifier(choice)
        probabilities = reader.probabilities(images[place : place + 1])[0]
        best = int(probabilities.argmax())
        answer = f"reads {escape_markdown(reader.card.classes[best])} with {probabilities[best]:.1%}"
        if probabilities[best] < reader.card.refuse_below:
            answer = "is not sure what it is"
        st.markdown(f"**{escape_markdown(choice.title)}** {answer}.")


def _verdict(source: Source, images: np.ndarray, labels: np.ndarray, place: int) -> str:
    try:
        logits = model_picker.discriminator(source.choice).logits(images, labels)
    except LabError:
        return "was not kept with this generator, so it has no say."
    belief = 1 / (1 + math.exp(-float(logits[place])))
    words = f"holds it for {'real' if belief >= 0.5 else 'made'}: D(x) = {belief:.2f}"
    if len(logits) > 1:
        words += f", more real than {np.mean(np.delete(logits, place) < logits[place]):.0%} of this sheet"
    return words + "."


def neighbour(source: Source, image: np.ndarray) -> None:
    """The training image that is nearest to an image, where the data set is at hand."""
    name = source.generator.card.dataset
    data = at_hand(name)
    if data is None or data.x_train.shape[1:] != image.shape:
        st.caption(
            f"{escape_markdown(_title(name))} is not on this machine, so no training image is beside it."
        )
        return
    index, distance = nearest_of(image.tobytes(), name)
    st.image(
        png(grid(data.x_train[index][None], scale=LARGE // 2)),
        alt="The nearest training image",
        width="content",
    )
    st.caption(
        f"The nearest of {len(data.x_train):,} training images: labelled "
        f"{data.info.classes[int(data.y_train[index])]}, {distance:,.0f} grey levels away (Euclidean)."
    )


@st.cache_data(max_entries=64, show_spinner="Looking through the training images")
def nearest_of(image: bytes, name: str) -> tuple[int, float]:
    """The index of the training image nearest to an image's bytes, and its Euclidean distance in levels."""
    data = at_hand(name)
    assert data is not None
    asked = np.frombuffer(image, np.uint8).reshape(1, *data.x_train.shape[1:])
    found = []
    for start in range(0, len(data.x_train), 5000):  # a part at a time: as floats all would take 190 MB
        index, distance = nearest(asked, data.x_train[start : start + 5000])
        found.append((float(distance[0]), start + int(index[0])))
    return min(found)[1], min(found)[0]


@st.cache_resource(max_entries=1, show_spinner="Reading the data set")
def at_hand(name: str) -> Dataset | None:
    """A data set that is on this machine, shared by all visitors; None where it is not."""
    try:
        path = loaders.at_hand(name)
        return loaders.read_npz(path, datasets.info(name)) if path else None
    except LabError:
        return None


def _title(name: str) -> str:
    try:
        return datasets.info(name).title
    except LabError:
        return name
