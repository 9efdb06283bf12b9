"""The visitor's own runs: to open, to compare, to delete."""

from __future__ import annotations

import streamlit as st

from core.errors import LabError
from core.runs.report.comparison import MAX_RUNS
from core.runs.store.run import Run
from pages.parts.shared import navigation, own_runs
from pages.parts.shared.error_messages import show_errors
from pages.parts.train import compare, controls
from pages.parts.train.live_view import title

SHOWN = 10  # until all are asked for


def show(mine: list[Run], shown: str | None) -> None:
    """A line a run; those that are ticked can be compared or deleted."""
    st.subheader("Your runs")
    everything = len(mine) <= SHOWN or st.toggle(f"All {len(mine)}", key="all runs")
    ticked = []
    for run in mine if everything else mine[:SHOWN]:
        if _line(run, run.id == shown):
            ticked.append(run)
    if len(mine) < 2 and not ticked:
        st.caption("Start another with other settings, and lay their curves over each other here.")
        return
    with st.container(horizontal=True):
        st.button(
            "Compare",
            icon=":material/compare_arrows:",
            disabled=not 2 <= len(ticked) <= MAX_RUNS,
            help=f"Tick two to {MAX_RUNS} runs to lay their curves over each other.",
            on_click=compare.put,
            args=(ticked,),
            key="compare",
        )
        with st.popover("Delete", icon=":material/delete:", disabled=not ticked, key="deleting"):
            st.markdown(f"Delete {_count(len(ticked))} and all that belongs to it? There is no way back.")
            st.button("Delete", type="primary", on_click=_delete, args=(ticked,), key="delete")


def _line(run: Run, is_shown: bool) -> bool:
    name, told, icon = _told(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ticked = st.checkbox(
            f"Choose {name}", key=f"ticked {run.id}", label_visibility="collapsed", width="content"
        )
        st.page_link(
            navigation.TRAIN,
            label=f"{name}: {told}",
            icon=icon,
            query_params={"run": run.id},
            disabled=is_shown,
        )
    return ticked


def _told(run: Run) -> tuple[str, str, str]:
    """A run's name, how it stands, and the icon of that; a damaged one can at least be deleted."""
    try:
        name, status = title(run, run.config), run.status()
    except LabError:
        return "A damaged run", "it cannot be read", ":material/broken_image:"
    accuracy = status.metrics.get("test_accuracy")
    result = f", test accuracy {accuracy:.1%}" if accuracy is not None else ""
    return name, f"{status.state}{result}", controls.STATE_ICONS[status.state]


def _count(number: int) -> str:
    return "this run" if number == 1 else f"these {number} runs"


def _delete(chosen: list[Run]) -> None:
    for run in chosen:
        with show_errors():
            own_runs.store().discard(run.id)
            if st.query_params.get("run") == run.id:
                del st.query_params["run"]
    if st.query_params.get(compare.KEY):
        del st.query_params[compare.KEY]
