"""Teach: classes of the visitor's own, learnt from a handful of pictures."""

import streamlit as st

from core.errors import LabError
from core.language import gettext
from pages.parts.shared import navigation, preparation
from pages.parts.shared.error_messages import sentence, show_errors
from pages.parts.teach import accuracy, adding, chosen_set, class_cards, learnt, live

navigation.ensure_declared()

st.title(gettext("Teach"))
st.caption(gettext("Show the app a few pictures of each of your classes; it learns to tell them apart."))
preparation.start()

described = chosen_set.opened()
may_change = described is None or chosen_set.may_change(described)

classes, results = st.columns([1.4, 1], gap="large")
taught = None
with results:
    st.subheader(gettext("What it learnt"))
    if described is not None:
        try:
            taught = learnt.taught(described)
        except LabError as error:
            st.info(sentence(error), icon=":material/info:")
    if taught is not None:
        accuracy.show(taught)
        st.subheader(gettext("Try it"))
        live.show(taught)

with classes, show_errors():
    adding.show_told()
    if described is not None:
        class_cards.show(described, {}, may_change=may_change)
    if may_change:
        class_cards.show_new_class(described)
