"""Generate: images from a seed, and controls that explain the latent space by moving through it."""

from collections.abc import Callable

import streamlit as st

from pages.parts import house, models, views
from pages.parts.errors import in_words
from pages.parts.generate import closest, directions, game, grid, places, through, travel, writing
from pages.parts.generate.shared import Source
from pages.parts.inside import complete

house.enter()

PARTS: dict[str, Callable[[Source], None]] = {
    "Grid": grid.sheet,
    "Write it": writing.writing,
    "Travel": travel.travel,
    "Map": places.places,
    "Directions": directions.directions,
    "Closest": closest.search,
    "Real or made?": game.game,
    "Through training": through.through,
    "Complete": complete.part,
}

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
    source = Source(choice, models.generator(choice))
    views.pick("What to draw", PARTS, "part")(source)
