"""Train: choose, start, watch, stop; the run's link brings it back."""

import streamlit as st

from core.runs import launch
from core.training import config as configs
from pages.parts import house, runs
from pages.parts.errors import in_words
from pages.parts.training import compare, filling, live, race, settings, table

house.enter()

st.title("Train")
st.caption("A training runs beside this page and goes on when you leave; its link brings you back to it.")

view, form = st.columns([2, 1], gap="large")  # on a phone the run stands first

with in_words():
    launch.warm_up(runs.store().root)  # while the visitor chooses

with form, in_words():
    filling.from_link()

with form, in_words():
    values = settings.choose()
    rival = race.rival(values)
    label = "Start the race" if rival else "Start"
    if st.button(label, type="primary", icon=":material/play_arrow:", width="stretch", key="start"):
        asked = [configs.from_dict(each) for each in (values, rival) if each]
        started = runs.start(asked, name=settings.name())
        if rival:
            compare.put(started)
        else:
            st.query_params.from_dict({"run": started[0].id})

with view, in_words():
    if compared := compare.of_link():
        compare.show(compared)
    elif shown := st.query_params.get("run"):
        run = runs.store().open(shown)
        runs.remember(run)
        if runs.is_strange(run):
            st.caption("This run was started in another browser. Who has its link may follow and steer it.")
        live.show(run)
    else:
        live.invitation()

if mine := runs.mine():
    table.show(mine, st.query_params.get("run"))
