"""Classify: read a visitor's pictures with the chosen networks."""

import streamlit as st

from core.contract.preprocessing import GLYPH
from core.language import gettext
from pages.parts.classify import answers, drawing_link, many_pictures, picture_input, reading_choice
from pages.parts.shared import model_picker, navigation, preparation
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

st.title(gettext("Classify"))
st.caption(gettext("Upload, draw or photograph handwritten digits, a piece of clothing, or anything else."))

inputs, results = st.columns([1.15, 2], gap="large")
preparation.start()
with inputs:
    files = picture_input.pick_files()
    picked = reading_choice.pick_kind()
    chosen = model_picker.pick_classifiers()

if files:
    drawing_link.forget()

with results, show_errors():
    drawing = drawing_link.linked()
    if not files and not drawing:
        picture_input.show_hint()
        st.stop()
    if not chosen:
        st.info(gettext("Choose at least one network."), icon=":material/touch_app:")
        st.stop()
    kind = reading_choice.found_kind(picked, chosen, files)
    networks = reading_choice.choices_for(kind, chosen) if kind else chosen
    readers = [model_picker.classifier(choice) for choice in networks]
    with many_pictures.read_new(files, readers):
        if drawing:
            shown = picture_input.answer_prepared(drawing, readers)
        else:
            picture = many_pictures.pick_picture(files, readers)
            if picture is None:
                st.stop()
            shown = picture_input.answer_file(picture, readers)
        if kind and picked == reading_choice.AUTO:
            reading_choice.show_taken_for(kind)
        for task in picture_input.group_by_classes(readers, shown):
            answers.show(task)
        if not any(reader.card.preprocessing.kind == GLYPH for reader in readers):
            st.stop()
        drawing_link.offer(shown.prepared)
        if shown.prepared.reading.steps:
            st.markdown(gettext("**From the picture to the pixels**"))
            picture_input.show_steps(shown.prepared)
