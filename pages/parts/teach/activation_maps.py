"""Which places of a picture speak for each class: class activation maps with the probability they explain."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from core.class_sets.activation_maps import class_maps, enlarged
from core.class_sets.features import shipped_backbone
from core.class_sets.taught_set import TaughtSet
from core.contract.evaluation import softmax
from core.figures.explanation import over_image
from core.images.whole_picture import whole_picture
from core.language import gettext, percent
from pages.parts.components.chart import chart
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.teach import chosen_set

MOST = 3  # classes, the likeliest first
SIDE = 160  # pixels of a map on the screen


def show_taught(taught: TaughtSet, number: int) -> None:
    """Show the maps for the set's picture of that number, and what the head said before it learnt from it."""
    picture = chosen_set.store().picture(taught.classes.id, taught.features.pictures[number])
    show(taught, picture, key="chosen")
    st.caption(_held_out(taught, number))


def show(taught: TaughtSet, picture: Image.Image, *, key: str) -> None:
    """Show the maps of the likeliest classes for an RGB picture."""
    backbone = shipped_backbone()
    image = whole_picture(picture, backbone.card.preprocessing)
    found = class_maps(taught.head, backbone.maps(image[None])[0])[:MOST]
    height, width = image.shape[:2]
    with st.container(horizontal=True, gap="small"):
        for one in found:
            name = taught.classes.names[one.label]
            figure = over_image(image, enlarged(one.values, height, width), signed=True)
            with st.container(width=SIDE, gap=None):
                chart(
                    figure.update_layout(height=SIDE),
                    key=f"activation map {one.label} {key}",
                    alt=gettext("Class activation map for {name}", name=name),
                )
                st.caption(f"{escape_markdown(name)} {percent(one.probability)}")
    st.caption(
        gettext(
            "Pink places speak for the class and blue ones against it, compared with all classes; together "
            "they make the probability below each map (class activation map)."
        )
    )


def _held_out(taught: TaughtSet, number: int) -> str:
    """Return what the head said of the picture before it had learnt from it."""
    held_out = taught.head.held_out
    place = np.flatnonzero(held_out.pictures == number)
    if not len(place):
        return gettext("The network has learnt from this picture, which was never held out.")
    probabilities = softmax(held_out.logits[place[0]][None] / taught.head.temperature)[0]
    best = int(probabilities.argmax())
    return gettext(
        "The network has learnt from this picture. Held out, it was read as {name}: {probability}.",
        name=escape_markdown(taught.classes.names[best]),
        probability=percent(float(probabilities[best])),
    )
