"""Inside: the arithmetic of the networks, with the visitor's own picture in it."""

from collections.abc import Callable

import streamlit as st

from pages.parts import house, views
from pages.parts.errors import in_words
from pages.parts.inside import convolution, memory, steps
from pages.parts.inside.contest import show as contest

house.enter()

# A part is added here when it is finished; only the chosen one runs.
PARTS: dict[str, Callable[[], None]] = {
    "Convolution": convolution.show,
    "Training": steps.show,
    "Memory": memory.show,
    "Contest": contest.show,
}

st.title("Inside")
st.caption("Every number that a network computes from your picture can be looked up here, and followed.")

with in_words():
    views.pick("What to look into", PARTS, "part")()
