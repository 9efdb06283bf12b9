"""Inside: the arithmetic of the networks, computed with the visitor's own picture."""

import streamlit as st

from core.language import N_, gettext
from pages.parts.inside import convolution_part, gan_game_part, memory_part, training_steps
from pages.parts.shared import navigation, view_picker
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

PARTS = {
    "convolution": convolution_part.show,
    "training": training_steps.show,
    "memory": memory_part.show,
    "contest": gan_game_part.show,
}
LABELS = {
    "convolution": N_("Convolution"),
    "training": N_("Training steps"),
    "memory": N_("Memory"),
    "contest": N_("GAN game"),
}

st.title(gettext("Inside"))
st.caption(
    gettext("Look up every number that a network computes from your picture, and see where it comes from.")
)

with show_errors():
    view_picker.pick_view(gettext("Part of the page"), PARTS, "part", LABELS)()
