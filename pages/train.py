"""Train: choose settings, start a run, watch it, stop it; the run's link leads back to it."""

import streamlit as st

from core.contract import config as configs
from core.language import gettext
from core.runs.process import launch
from pages.parts.shared import navigation, own_runs, run_control
from pages.parts.shared.error_messages import show_errors
from pages.parts.train import compare, form_filling, live_view, race, run_table, shown_run
from pages.parts.train import form as run_form

navigation.ensure_declared()

st.title(gettext("Train"))
st.caption(gettext("Training continues when you leave this page; the run's link brings you back."))

columns = st.columns([2, 1], gap="large")  # on a phone the run comes first
view = columns[0].container(key=shown_run.VIEW_PLACE)
form = columns[1].container(key=shown_run.FORM_PLACE)

with show_errors():
    launch.warm_up(own_runs.store().root)  # while the visitor chooses

with show_errors():
    shown_run.bring_back()

with form, show_errors():
    form_filling.from_link()

with form, show_errors():
    values = run_form.choose()
    second = race.second_settings(values)
    label = gettext("Start race") if second else gettext("Start training")
    if st.button(label, type="primary", icon=":material/play_arrow:", width="stretch", key="start"):
        chosen = [configs.from_dict(each) for each in (values, second) if each]
        started = own_runs.start(chosen, name=run_form.name())
        if second:
            compare.write_link(started)
        else:
            st.query_params.from_dict({"run": started[0].id})
    form_filling.write_link(configs.from_dict(values))

with view, show_errors():
    if compared := compare.linked_runs():
        compare.show(compared)
    elif shown := st.query_params.get("run"):
        run = own_runs.store().open(shown)
        own_runs.remember(run)
        with show_errors():
            run_control.open_link(run)
        if not run_control.may_control(run):
            st.caption(
                gettext(
                    "You can watch this run. Only the visitor who started it, or anyone with its control "
                    "link, can control or delete it."
                )
            )
        live_view.show(run)
    else:
        live_view.invitation()
    shown_run.keep_in_view()

if own := own_runs.runs():
    run_table.show(own, st.query_params.get("run"))
