"""List the visitor's own runs, to open, compare or delete them."""

from __future__ import annotations

import streamlit as st

from core.errors import LabError
from core.language import N_, gettext, ngettext
from core.runs.report.comparison import MAX_RUNS
from core.runs.report.run_names import distinct_names
from core.runs.store.run import Run
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import navigation, run_control
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.train import compare, controls, settings_chart
from pages.parts.train.shown_run import COMPARED

SHOWN = 10  # unless the visitor asks for all
EVERY = 2.0  # seconds between two looks at the runs
ONLY_OWNERS = N_("Only the visitor who started a run can delete it; you can watch and compare it.")


def show(mine: list[Run], shown: str | None) -> None:
    """Draw a line for each run, live while one of them trains; ticked runs can be compared or deleted."""
    st.fragment(_draw)(mine, shown)


def _draw(mine: list[Run], shown: str | None) -> None:
    st.header(gettext("Your runs"))
    everything = len(mine) <= SHOWN or st.toggle(gettext("Show all {count}", count=len(mine)), key="all runs")
    ticked = []
    names = distinct_names(mine)
    for run in mine if everything else mine[:SHOWN]:
        if _line(run, names.get(run.id), run.id == shown):
            ticked.append(run)
    if any(run.id != shown and _moves(run) for run in mine[:SHOWN]):
        refresh_after(EVERY, key="runs pace")
    if len(mine) < 2 and not ticked:
        st.caption(gettext("Start another run with other settings to compare their curves."))
        return
    with st.container(horizontal=True):
        if st.button(
            gettext("Compare"),
            icon=":material/compare_arrows:",
            disabled=not 2 <= len(ticked) <= MAX_RUNS,
            help=gettext("Tick two to {most} runs to compare their curves.", most=MAX_RUNS),
            key="compare",
        ):
            compare.write_link(ticked)
            st.rerun()  # the whole page, of which this list is a fragment
        own = [run for run in ticked if run_control.may_control(run)]
        with st.popover(gettext("Delete"), icon=":material/delete:", disabled=not own, key="deleting"):
            st.markdown(
                ngettext(
                    "Delete this run and all its files? This cannot be undone.",
                    "Delete these {count} runs and all their files? This cannot be undone.",
                    len(own),
                )
            )
            if st.button(gettext("Delete"), type="primary", key="delete"):
                _delete(own)
                st.rerun()
    settings_chart.show(mine)
    if len(own) < len(ticked):
        st.caption(gettext(ONLY_OWNERS))


def _moves(run: Run) -> bool:
    """Return whether a run's state may still change."""
    try:
        return not run.status().is_over
    except LabError:
        return False


def _line(run: Run, name: str | None, is_shown: bool) -> bool:
    name, label, icon = _describe(run, name)
    if is_shown:  # its state is above, and changes while this line does not
        label, icon = name, ":material/visibility:"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        ticked = st.checkbox(
            gettext("Select {name}", name=name),
            key=f"ticked {run.id}",
            label_visibility="collapsed",
            width="content",
        )
        st.page_link(
            navigation.TRAIN,
            label=label,
            icon=icon,
            query_params={"run": run.id},
            disabled=is_shown,
            width="stretch",
        )
    return ticked


def _describe(run: Run, name: str | None) -> tuple[str, str, str]:
    """Return a run's name, a label with its state, and an icon; a damaged run can at least be deleted."""
    try:
        name, status = escape_markdown(name or run.id), run.status()
        run.config
    except LabError:
        name = gettext("Damaged run")
        return name, gettext("{name}: it cannot be read", name=name), ":material/broken_image:"
    accuracy = status.metrics.get("test_accuracy")
    state = controls.state_of(run, status)
    label = (
        gettext("{name}: {state}", name=name, state=state)
        if accuracy is None
        else gettext(
            "{name}: {state}, test accuracy {accuracy:.1%}", name=name, state=state, accuracy=accuracy
        )
    )
    return name, label, controls.STATE_ICONS[status.state]


def _delete(chosen: list[Run]) -> None:
    for run in chosen:
        with show_errors():
            run_control.discard(run)
            if st.query_params.get("run") == run.id:
                del st.query_params["run"]
    if st.query_params.get(COMPARED):
        del st.query_params[COMPARED]
