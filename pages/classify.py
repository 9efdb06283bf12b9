"""Classify: pictures in, what the networks see in them out."""

import streamlit as st

from pages.parts import answers, house, inbox, models
from pages.parts.errors import in_words, plain

house.enter()

st.title("Classify")
st.caption("Bring handwritten digits: photographs, scans or drawings, one digit or a page of them.")

entrance, result = st.columns([1, 2], gap="large")
with entrance:
    files = inbox.files()
    chosen = models.pick_classifiers()

with result, in_words():
    if not files:
        inbox.invitation()
        st.stop()
    if not chosen:
        st.info("Choose at least one network to read with.", icon=":material/touch_app:")
        st.stop()
    readers = [models.classifier(choice) for choice in chosen]
    read, failed = inbox.read_all(files, readers)
    for error in failed:
        st.error(plain(error), icon=":material/error:")
    if not read:
        st.stop()

    shown = inbox.pick(read, [reader.card.title for reader in readers])
    for task in inbox.by_task(readers, shown):
        answers.show(task)
    st.markdown("**From the picture to the pixels**")
    inbox.steps(shown.prepared)
