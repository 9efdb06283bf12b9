"""Home: a canvas that answers, an image that a tap changes, and doors to the other pages."""

import streamlit as st

from core.language import gettext
from pages.parts.home import answering_canvas, doors, generated_image
from pages.parts.shared import navigation

navigation.ensure_declared()

st.title(gettext("Deep Image Lab"))
st.markdown(
    gettext(
        "**Draw a digit and watch neural networks read it.** Free, without an account. What you draw or "
        "upload to be read stays on this server and is deleted at the latest an hour after you leave."
    )
)

drawing, image = st.columns([3.2, 1], gap="medium")
with drawing:
    answering_canvas.show()
with image:
    generated_image.show()

label = gettext("Take the tour: deep learning in twenty minutes")
st.page_link(navigation.TOUR, label=label, icon=":material/tour:")

st.header(gettext("What else is here"))
doors.show()
answering_canvas.prepare()
