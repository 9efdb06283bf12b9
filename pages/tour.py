"""Tour: the tutorial as a path of short chapters, each with a live part, a task and a question."""

import streamlit as st

from core.language import gettext
from pages.parts.shared import navigation
from pages.parts.shared.error_messages import show_errors
from pages.parts.tour import chapter_view, progress

navigation.ensure_declared()

st.title(gettext("Tour"))
st.caption(gettext("Deep learning and image generation, from convolution to GANs, with everything live."))

with show_errors():
    chapter = progress.chosen()
    st.header(gettext(chapter.title))
    chapter_view.show(chapter)
