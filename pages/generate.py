"""Generate: images from a seed, numbers in handwriting, and journeys from image to image."""

import streamlit as st

from pages.parts import drawing, house, models
from pages.parts.errors import in_words

house.enter()

PARTS = {"Grid": drawing.sheet, "Write it": drawing.writing, "Travel": drawing.travel, "Map": drawing.places}

st.title("Generate")
st.caption(
    "The generator of a GAN turns random numbers into images. The same seed always gives the same images."
)

with in_words():
    choice = models.pick_generator()
    if choice is None:
        st.info("No generator is at hand yet: train a GAN first.", icon=":material/draw:")
        st.page_link(house.TRAIN, label="Train a GAN", icon=":material/arrow_forward:")
        st.stop()
    generator = models.generator(choice)
    part = st.segmented_control(
        "What to draw",
        list(PARTS),
        default="Grid",
        required=True,
        key="part",
        bind="query-params",
        label_visibility="collapsed",
    )
    PARTS[part or "Grid"](generator, choice.key)
