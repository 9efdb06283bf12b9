"""Classify: pictures in, what the networks see in them out."""

import streamlit as st

from pages.parts.classify import answers, drawing_link, many_pictures, picture_input, preparation
from pages.parts.shared import model_picker, navigation
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

st.title("Classify")
st.caption("Bring handwritten digits: photographs, scans or drawings, one digit or a page of them.")

entrance, result = st.columns([1.15, 2], gap="large")
preparation.start()
with entrance:
    files = picture_input.files()
    chosen = model_picker.pick_classifiers()

if files:
    drawing_link.forget()

with result, show_errors():
    drawing = drawing_link.shared()
    if not files and not drawing:
        picture_input.invitation()
        st.stop()
    if not chosen:
        st.info("Choose at least one network to read with.", icon=":material/touch_app:")
        st.stop()
    readers = [model_picker.classifier(choice) for choice in chosen]
    with many_pictures.read_new(files, readers):
        if drawing:
            shown = picture_input.answered(drawing, readers)
        else:
            picture = many_pictures.chosen(files, readers)
            if picture is None:
                st.stop()
            shown = picture_input.read_one(picture, readers)
        for task in picture_input.by_task(readers, shown):
            answers.show(task)
        drawing_link.offer(shown.prepared)
        if shown.prepared.reading.steps:
            st.markdown("**From the picture to the pixels**")
            picture_input.steps(shown.prepared)
