"""Teach: classes of the visitor's own, learnt from a handful of pictures."""

import streamlit as st

from core.language import gettext
from pages.parts.shared import navigation, preparation
from pages.parts.teach import (
    accuracy,
    accuracy_curve,
    adding,
    beginning,
    chosen_set,
    class_cards,
    doors,
    learnt,
    live,
    looking_into,
    pointed_out,
    set_menu,
    taught_downloads,
    ways_to_learn,
)

navigation.ensure_declared()

st.title(gettext("Teach"))
st.caption(gettext("Show the app a few pictures of each of your classes; it learns to tell them apart."))
preparation.start()

described = chosen_set.opened()
may_change = described is None or chosen_set.may_change(described)
set_menu.show(described, may_change=may_change)
adding.show_told()
if described is not None and not may_change:
    set_menu.show_of_others(described)
if described is None or not described.classes:
    beginning.show()
if described is None:
    class_cards.show_new_class(None)
    st.stop()

taught = learnt.kept(described)
classes, results = st.columns([1.4, 1], gap="large")
with classes:
    class_cards.show(described, pointed_out.marks(taught) if taught else {}, may_change=may_change)
    if may_change:
        class_cards.show_new_class(described)
if not described.classes:
    st.stop()
with results:
    st.header(gettext("What it learnt"))
    if taught is None:
        learnt.show_learning(described)
    accuracy.show(taught)
    pointed_out.show(taught)
    st.header(gettext("Try it"))
    live.show(taught)
    if may_change:
        doors.show(taught)

if taught is not None:
    ways, curve = st.columns(2, gap="large")
    with ways:
        ways_to_learn.show(taught)
    with curve:
        accuracy_curve.show(taught)
    looking_into.show(taught)
    taught_downloads.show(taught)
