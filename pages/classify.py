"""Classify: read a visitor's pictures with the chosen networks."""

import streamlit as st

from core.language import gettext
from pages.parts.classify import (
    answers,
    boxed_picture,
    drawing_link,
    left_out,
    letter_notes,
    many_pictures,
    picture_input,
    reading_choice,
    share,
    visit,
)
from pages.parts.classify.told import told
from pages.parts.shared import navigation, preparation
from pages.parts.shared.error_messages import escape_markdown, show_errors

navigation.ensure_declared()

st.title(gettext("Classify"))
st.caption(gettext("Upload, draw or photograph handwritten digits or letters, clothes, or anything else."))

with visit.remembered():
    preparation.start()
    source = picture_input.pick_source()
    is_drawn = source == "draw"
    inputs, results = st.columns([1, 2], gap="large") if is_drawn else (st.container(), st.container())
    with inputs:
        files = picture_input.pick_files(source)
        picture_input.catch_pictures(source)
    with results:
        answer_place, network_choice, rest_place = st.empty(), st.container(), st.empty()
    if files:
        share.forget()
        drawing_link.forget()
    with results, show_errors():
        files = files or share.linked()
    with network_choice:
        networks = reading_choice.pick_kind()

    with results, show_errors():
        drawing = drawing_link.linked()
        if not files and not drawing:
            with network_choice:
                reading_choice.pick_networks(networks, [networks.picked])
            with answer_place.container():
                picture_input.show_hint(source)
            st.stop()
        many_pictures.read_new(files, networks, answer_place, rest_place)
        answer, rest = answer_place.container(), rest_place.container()
        if drawing and not files:
            picture, prepared = None, drawing
            kind = drawing.kind if networks.picked == reading_choice.AUTO else networks.picked
        else:
            with rest:
                picture = many_pictures.pick_picture(files, networks)
            if picture is None:
                st.stop()
            prepared, kind = networks.prepare(picture)
        is_single = many_pictures.is_single(files)
        with network_choice:
            reading_choice.pick_networks(networks, [kind] if is_single else many_pictures.kinds(files))
        readers = networks.readers(kind)
        if not readers:
            answer.info(gettext("Choose at least one network."), icon=":material/touch_app:")
            st.stop()
        if picture and kind in reading_choice.WRITTEN and reading_choice.reads_glyphs(readers):
            prepared = preparation.upright(picture, prepared, readers[0])
        place = picture.key if picture else "linked"
        boxed_picture.start_again(place)
        shown = picture_input.answer_prepared(left_out.with_brought_back(prepared, place), readers)
        tasks = [told(task, shown.prepared) for task in picture_input.group_by_classes(readers, shown)]
        of_glyphs = next((one for one in tasks if one.reads_glyphs), None)
        with answer:
            places = answers.arrange(prepared.picture, is_drawn)
        with places.picture:
            if picture and not is_single:
                st.markdown(f"**{escape_markdown(picture.name)}**")
            if not is_drawn or left_out.has_several(prepared):
                boxed_picture.show(prepared, of_glyphs, place)
            with st.container(horizontal=True, vertical_alignment="center"):
                if networks.picked == reading_choice.AUTO and kind in reading_choice.TAKEN_FOR:
                    reading_choice.show_taken_for(networks, kind, None if is_single else picture)
                if picture and of_glyphs and not is_drawn:
                    left_out.offer_turn(prepared, picture)
        answers.show(tasks, places, is_drawn)
        with places.readings:
            for one in tasks:
                letter_notes.show(one.answers, one.card.subject)
        with places.glyph:
            share.offer(shown.prepared, kind, networks, tasks)
        with rest:
            answers.show_sections(tasks)
            if of_glyphs:
                left_out.show(prepared, place)
                picture_input.show_steps(shown.prepared)
