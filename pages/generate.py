"""Generate: images from a seed, and controls that explain the latent space by moving through it."""

from collections.abc import Callable

import streamlit as st

from pages.parts.generate import (
    directions,
    grid,
    interpolation,
    inversion,
    real_or_generated,
    seed_map,
    training_history,
    writing,
)
from pages.parts.generate.common import Source
from pages.parts.inside import row_completion
from pages.parts.shared import model_picker, navigation, view_picker
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

PARTS: dict[str, Callable[[Source], None]] = {
    "Grid": grid.sheet,
    "Write it": writing.writing,
    "Travel": interpolation.travel,
    "Map": seed_map.places,
    "Directions": directions.directions,
    "Closest": inversion.search,
    "Real or made?": real_or_generated.game,
    "Through training": training_history.through,
    "Complete": row_completion.part,
}

st.title("Generate")
st.caption(
    "The generator of a GAN turns random numbers into images. The same seed always gives the same images."
)

with show_errors():
    choice = model_picker.pick_generator()
    if choice is None:
        st.info("No generator is at hand yet: train a GAN first.", icon=":material/draw:")
        st.page_link(navigation.TRAIN, label="Train a GAN", icon=":material/arrow_forward:")
        st.stop()
    source = Source(choice, model_picker.generator(choice))
    view_picker.pick_view("What to draw", PARTS, "part")(source)
