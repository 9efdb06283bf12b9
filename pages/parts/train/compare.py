"""Several runs laid over each other, live while any of them is under way."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import RunError
from core.figures import comparison as figures
from core.runs.report import comparison
from core.runs.report.comparison import MAX_RUNS, Entry
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import navigation, own_runs, prepared_downloads
from pages.parts.shared.error_messages import show_errors
from pages.parts.shared.prepared_downloads import PreparedFile
from pages.parts.train import controls, curves, live_view

KEY = "compare"
SHORT = {
    "loss": "Loss", "accuracy": "Accuracy", "validation_loss": "Validation loss",
    "validation_accuracy": "Validation accuracy", "discriminator_loss": "Discriminator's loss",
    "generator_loss": "Generator's loss", "d_real": "D(x)", "d_fake": "D(G(z))",
    "learning_rate": "Learning rate", "generator_learning_rate": "Generator's learning rate",
    "discriminator_learning_rate": "Discriminator's learning rate",
}  # fmt: skip


def of_link() -> list[Run]:
    """The runs that the page's link compares; none where it does not.

    Raises:
        RunError: when one of them does not exist, or they are too many.
    """
    named = list(dict.fromkeys(filter(None, st.query_params.get(KEY, "").split(","))))
    if len(named) > MAX_RUNS:
        raise RunError(f"At most {MAX_RUNS} runs are compared at a time; this link names {len(named)}.")
    return [own_runs.store().open(name) for name in named]


def put(chosen: Sequence[Run]) -> None:
    """Writes the runs to compare into the link."""
    st.query_params.from_dict({KEY: ",".join(run.id for run in chosen)})


def show(compared: list[Run]) -> None:
    """The comparison, refreshed until all of its runs are over."""
    for run in compared:
        own_runs.remember(run)
    st.subheader("Compared")
    st.fragment(_refreshed)(compared, moving=not _over(compared))
    figures_csv = PreparedFile(
        "All figures (CSV)",
        "comparison.csv",
        lambda: comparison.as_csv(_entries(compared)),
        "A line a run and step.",
    )
    prepared_downloads.show(
        [figures_csv]
    )  # beside what is refreshed, where its file would go after half a second


def _refreshed(compared: list[Run], moving: bool) -> None:
    with show_errors():
        _view(_entries(compared))
        if moving and _over(compared):
            st.rerun()  # the whole page, which then stands still
    if moving:
        refresh_after(live_view.EVERY, key="comparison pace")


def _over(compared: list[Run]) -> bool:
    return all(run.status().is_over for run in compared)


def _entries(compared: list[Run]) -> list[Entry]:
    return comparison.entries(compared, [live_view.history_of(run) for run in compared])


def _view(found: list[Entry]) -> None:
    for entry in found:
        _progress(entry)
    measures = comparison.measures(found)
    if not measures:
        st.info("The curves come with the first steps.", icon=":material/hourglass_top:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = st.selectbox(
            "Figure", measures, format_func=SHORT.__getitem__, filter_mode=None, key="measure", width=230
        )
        assert measure is not None  # the list is not empty
        axis = st.segmented_control(
            "Along", ["Step", "Time"], default="Step", required=True, key="axis",
            help="By step: who learns more from as many images. By time: who is sooner there.",
        )  # fmt: skip
        smoothing = curves.smoothing()
    lines = {entry.name: comparison.curve(entry, measure, axis == "Time") for entry in found}
    chart(
        figures.overlay(lines, measure, axis == "Time", smoothing),
        key="overlay",
        alt=f"{SHORT[measure]} of all runs",
    )
    st.dataframe(
        comparison.table(found),
        hide_index=True,
        column_config={
            "Test": st.column_config.NumberColumn(format="percent", help="Accuracy on the test images"),
            "Validation": st.column_config.NumberColumn(
                format="percent", help="Accuracy on the validation images after the last epoch"
            ),
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Images/s": st.column_config.NumberColumn(format="localized"),
        },
        alt="What the runs differ in, and what came of them",
    )


def _progress(entry: Entry) -> None:
    """A run's state and progress in one line, with a link to it."""
    history, status = entry.history, entry.status
    left, right = st.columns([2, 3], vertical_alignment="center")
    left.page_link(
        navigation.TRAIN,
        label=f"{entry.name}: {status.state}",
        icon=controls.STATE_ICONS[status.state],
        query_params={"run": history.run.id},
    )
    total = history.started.total_steps if history.started else 0
    right.progress(
        min(1.0, history.step / total) if total else 0.0,
        f"Step {history.step:,} of {total:,}" if total else "Waiting",
    )
