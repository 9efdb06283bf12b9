"""Generate: images of the classes asked for, from a seed."""

import numpy as np
import streamlit as st

from core.images.grid import grid, png
from pages.parts import house, models
from pages.parts.errors import in_words

house.enter()

MOST = 200

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
    classes = generator.card.classes

    labels = st.pills(
        "Classes",
        range(len(classes)),
        selection_mode="multi",
        default=range(len(classes)),
        format_func=lambda k: classes[k],
        key="classes",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Images", 1, MOST, 50, key="count", bind="query-params", width=140)
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", bind="query-params", width=180)

        def surprise() -> None:
            """Another seed, by chance."""
            st.session_state["seed"] = int(np.random.default_rng().integers(1_000_000))

        st.button("Surprise me", icon=":material/casino:", on_click=surprise)

    if not labels:
        st.info("Choose at least one class to draw.", icon=":material/touch_app:")
        st.stop()

    asked = np.resize(sorted(labels), count)
    images = generator.draw(asked, generator.latent(count, seed))
    sheet = png(grid(images, columns=min(10, count), scale=3))
    st.image(sheet, alt=f"{count} images drawn by the generator, seed {seed}", width="content")
    st.download_button(
        "Download as PNG", sheet, f"{choice.key}-seed-{seed}.png", "image/png", icon=":material/download:"
    )
