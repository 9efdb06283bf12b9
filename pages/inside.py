"""Inside: the arithmetic of the networks, computed with the visitor's own picture."""

import streamlit as st

from core.language import N_, gettext
from pages.parts.inside import convolution_part, gan_game_part, memory_part, training_steps
from pages.parts.shared import navigation, view_picker
from pages.parts.shared.error_messages import show_errors
from pages.parts.tour.chapters import BY_ID

navigation.ensure_declared()

PARTS = {
    "convolution": convolution_part.show,
    "training": training_steps.show,
    "memory": memory_part.show,
    "contest": gan_game_part.show,
}
LABELS = {
    "convolution": N_("CNN: convolution"),
    "training": N_("CNN: training"),
    "memory": N_("RNN: memory"),
    "contest": N_("GAN: contest"),
}
EARLIER = {
    "Convolution": "convolution",
    "Training steps": "training",
    "Memory": "memory",
    "GAN game": "contest",
    "Contest": "contest",
}  # the labels that older links hold
CHAPTERS = {  # of the tour
    "convolution": "convolution",
    "training": "cnn-training",
    "memory": "rnn",
    "contest": "gan-training",
}

st.title(gettext("Inside"))
st.caption(
    gettext("Look up every number that a network computes from your picture, and see where it comes from.")
)

with show_errors():
    show = view_picker.pick_view(gettext("Part of the page"), PARTS, "part", LABELS, EARLIER)
    chapter = BY_ID[CHAPTERS[st.session_state["part"]]]
    st.page_link(
        navigation.TOUR,
        label=gettext("Tour: {chapter}", chapter=gettext(chapter.title)),
        icon=":material/tour:",
        query_params={"chapter": chapter.id},
    )
    show()
