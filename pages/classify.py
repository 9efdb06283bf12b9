"""Classify: pictures in, what the networks see in them out."""

import streamlit as st

from pages.parts import answers, batch, house, inbox, models, preparing, share
from pages.parts.errors import in_words

house.enter()

st.title("Classify")
st.caption("Bring handwritten digits: photographs, scans or drawings, one digit or a page of them.")

entrance, result = st.columns([1.15, 2], gap="large")
preparing.wake()
with entrance:
    files = inbox.files()
    chosen = models.pick_classifiers()

if files:
    share.forget()

with result, in_words():
    drawing = share.shared()
    if not files and not drawing:
        inbox.invitation()
        st.stop()
    if not chosen:
        st.info("Choose at least one network to read with.", icon=":material/touch_app:")
        st.stop()
    readers = [models.classifier(choice) for choice in chosen]
    with batch.read_new(files, readers):
        if drawing:
            shown = inbox.answered(drawing, readers)
        else:
            picture = batch.chosen(files, readers)
            if picture is None:
                st.stop()
            shown = inbox.read_one(picture, readers)
        for task in inbox.by_task(readers, shown):
            answers.show(task)
        share.offer(shown.prepared)
        if shown.prepared.reading.steps:
            st.markdown("**From the picture to the pixels**")
            inbox.steps(shown.prepared)
