"""Classify: read a visitor's pictures with the chosen networks."""

import streamlit as st

from core.contract.preprocessing import GLYPH
from core.images.picture_kind import DIGIT
from core.language import gettext
from pages.parts.classify import (
    answers,
    drawing_link,
    left_out,
    many_pictures,
    picture_input,
    reading_choice,
)
from pages.parts.shared import navigation, preparation
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

st.title(gettext("Classify"))
st.caption(gettext("Upload, draw or photograph handwritten digits, a piece of clothing, or anything else."))

inputs, results = st.columns([1.15, 2], gap="large")
preparation.start()
with inputs:
    files = picture_input.pick_files()
    networks = reading_choice.pick_kind()
    network_choice = st.container()

if files:
    drawing_link.forget()

with results, show_errors():
    drawing = drawing_link.linked()
    if not files and not drawing:
        with network_choice:
            reading_choice.pick_networks(networks, [networks.picked])
        picture_input.show_hint()
        st.stop()
    with many_pictures.read_new(files, networks):
        if drawing and not files:
            picture, prepared = None, drawing
            kind = drawing.kind if networks.picked == reading_choice.AUTO else networks.picked
        else:
            picture = many_pictures.pick_picture(files, networks)
            if picture is None:
                st.stop()
            prepared, kind = networks.prepare(picture)
        is_single = many_pictures.is_single(files)
        with network_choice:
            reading_choice.pick_networks(networks, [kind] if is_single else many_pictures.kinds(files))
        if networks.picked == reading_choice.AUTO and kind in reading_choice.TAKEN_FOR:
            reading_choice.show_taken_for(kind, None if is_single else picture)
        readers = networks.readers(kind)
        if not readers:
            st.info(gettext("Choose at least one network."), icon=":material/touch_app:")
            st.stop()
        if picture and kind == DIGIT and reading_choice.reads_glyphs(readers):
            prepared = preparation.upright(picture, prepared, readers[0])
            left_out.offer_turn(prepared, picture)
        place = picture.key if picture else "linked"
        shown = picture_input.answer_prepared(left_out.with_brought_back(prepared, place), readers)
        for task in picture_input.group_by_classes(readers, shown):
            answers.show(task, shown.prepared)
        if not any(reader.card.preprocessing.kind == GLYPH for reader in readers):
            st.stop()
        left_out.show(prepared, place)
        drawing_link.offer(shown.prepared)
        if shown.prepared.reading.steps:
            st.markdown(gettext("**From the picture to the pixels**"))
            picture_input.show_steps(shown.prepared)
