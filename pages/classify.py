"""Classify: read a visitor's pictures with the chosen networks."""

import streamlit as st

from core.language import gettext
from pages.parts.classify import (
    drawing_link,
    looked_at,
    many_pictures,
    picture_input,
    reading_choice,
    seen_answer,
    share,
    visit,
)
from pages.parts.shared import navigation, preparation
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

st.title(gettext("Classify"))
st.caption(gettext("Upload, draw or photograph handwritten digits or letters, clothes, or anything else."))

with visit.remembered():  # nothing in here may stop the script, or the visit would not be kept
    preparation.start()
    source = picture_input.pick_source()
    is_drawn = source == "draw"
    inputs, results = st.columns([1, 2], gap="large") if is_drawn else (st.container(), st.container())
    with inputs:
        files = picture_input.pick_files(source)
        picture_input.catch_pictures(source)
    with results:
        # None is ``st.empty``: until it was filled again, the page would be short, and jump to its top.
        answer_place, network_choice, rest_place = st.container(), st.container(), st.container()
    if files:
        share.forget()
        drawing_link.forget()
    with results, show_errors():
        files = files or share.linked()
    with network_choice:
        networks = reading_choice.pick_kind()

    with results, show_errors():
        if files or drawing_link.is_linked():
            many_pictures.read_new(files, networks, answer_place, rest_place)
            rest = rest_place.container()
            with rest:
                seen = looked_at.find(files, networks, network_choice)
            if seen:
                with answer_place.container(key=seen_answer.PLACE):
                    seen_answer.show(seen, networks, is_drawn)
                with rest:
                    seen_answer.show_sections(seen)
                    seen_answer.bring_into_view(seen, is_drawn)
        else:
            with network_choice:
                reading_choice.pick_networks(networks, [networks.picked])
            with answer_place.container():
                picture_input.show_hint(source)
