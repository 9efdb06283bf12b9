"""Inside: the arithmetic of the networks, with the visitor's own picture in it."""

from collections.abc import Callable

import streamlit as st

from pages.parts.inside import contest_part as contest
from pages.parts.inside import convolution_part, memory_part, training_steps
from pages.parts.shared import navigation, view_picker
from pages.parts.shared.error_messages import in_words

navigation.ensure()

# A part is added here when it is finished; only the chosen one runs.
PARTS: dict[str, Callable[[], None]] = {
    "Convolution": convolution_part.show,
    "Training": training_steps.show,
    "Memory": memory_part.show,
    "Contest": contest.show,
}

st.title("Inside")
st.caption("Every number that a network computes from your picture can be looked up here, and followed.")

with in_words():
    view_picker.pick("What to look into", PARTS, "part")()
