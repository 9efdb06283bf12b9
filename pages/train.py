"""Train: choose, start, watch, stop; the run's link brings it back."""

import streamlit as st

from core.runs import queue
from core.training import config as configs
from pages.parts import house, runs
from pages.parts.errors import in_words
from pages.parts.training import filling, live, settings, table

house.enter()

st.title("Train")
st.caption("A training runs beside this page and goes on when you leave; its link brings you back to it.")

form, view = st.columns([1, 2], gap="large")

with in_words():
    queue.warm_up(runs.store().root)  # while the visitor chooses

with form, in_words():
    filling.from_link()

with form, in_words():
    values = settings.choose()
    if st.button("Start", type="primary", icon=":material/play_arrow:", width="stretch"):
        run = runs.store().create(configs.from_dict(values), visitor=runs.visitor())
        queue.start(run)
        runs.remember(run)
        st.query_params["run"] = run.id

with view, in_words():
    if shown := st.query_params.get("run"):
        run = runs.store().open(shown)
        runs.remember(run)
        live.show(run)
    else:
        live.invitation()

earlier = [run for run in runs.mine() if run.id != st.query_params.get("run")]
if earlier:
    st.subheader("Your other runs")
    for run in earlier:
        with in_words():
            table.line(run)
