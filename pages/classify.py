"""Classify: read a visitor's pictures with the chosen networks."""

import streamlit as st

from core.language import gettext
from pages.parts.classify import answers, drawing_link, many_pictures, picture_input
from pages.parts.shared import model_picker, navigation, preparation
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

st.title(gettext("Classify"))
st.caption(
    gettext("Upload, draw or photograph handwritten digits: a single digit, a number or a whole page.")
)

inputs, results = st.columns([1.15, 2], gap="large")
preparation.start()
with inputs:
    files = picture_input.pick_files()
    chosen = model_picker.pick_classifiers()

if files:
    drawing_link.forget()

with results, show_errors():
    drawing = drawing_link.linked()
    if not files and not drawing:
        picture_input.show_hint()
        st.stop()
    if not chosen:
        st.info(gettext("Choose at least one network to read with."), icon=":material/touch_app:")
        st.stop()
    readers = [model_picker.classifier(choice) for choice in chosen]
    with many_pictures.read_new(files, readers):
        if drawing:
            shown = picture_input.answer_prepared(drawing, readers)
        else:
            picture = many_pictures.pick_picture(files, readers)
            if picture is None:
                st.stop()
            shown = picture_input.answer_file(picture, readers)
        for task in picture_input.group_by_classes(readers, shown):
            answers.show(task)
        drawing_link.offer(shown.prepared)
        if shown.prepared.reading.steps:
            st.markdown(gettext("**From the picture to the pixels**"))
            picture_input.show_steps(shown.prepared)
