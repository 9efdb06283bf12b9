"""Compare several runs in one chart, live while any of them is running."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.contract import architectures, field_labels
from core.errors import RunError
from core.figures import comparison as figures
from core.language import N_, gettext
from core.runs.report import comparison
from core.runs.report.comparison import MAX_RUNS, Entry
from core.runs.report.titles import dataset_title
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import navigation, own_runs, prepared_downloads
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.prepared_downloads import PreparedFile
from pages.parts.shared.tables import without_formulas
from pages.parts.train import controls, curves, live_view
from pages.parts.train.form import FAMILIES
from pages.parts.train.shown_run import COMPARED

LABELS = {
    "loss": N_("Loss"),
    "accuracy": N_("Accuracy"),
    "validation_loss": N_("Validation loss"),
    "validation_accuracy": N_("Validation accuracy"),
    "discriminator_loss": N_("Discriminator loss"),
    "generator_loss": N_("Generator loss"),
    "d_real": N_("D(x)"),
    "d_fake": N_("D(G(z))"),
    "learning_rate": N_("Learning rate"),
    "generator_learning_rate": N_("Generator learning rate"),
    "discriminator_learning_rate": N_("Discriminator learning rate"),
}
COLUMNS = {  # of the table: settings, then results
    "run": N_("Run"),
    **field_labels.LABELS,
    "test_accuracy": N_("Test"),
    "validation_accuracy": N_("Validation"),
    "parameters": N_("Parameters"),
    "steps": N_("Steps"),
    "seconds": N_("Seconds"),
    "images_per_second": N_("Images/s"),
}
VALUES: dict[str, Callable[[str], str]] = {  # titles of the values that are ids
    "family": lambda name: gettext(FAMILIES[name]),
    "architecture": lambda name: gettext(architectures.get(name).title),
    "dataset": dataset_title,
    "augmentation": lambda name: gettext(field_labels.AUGMENTATION_LABELS[name]),
}
AXES = {"step": N_("Step"), "time": N_("Time")}


def linked_runs() -> list[Run]:
    """Return the runs that the page's link names for comparison; none if it names none.

    Raises:
        RunError: when one of them does not exist, or they are too many.
    """
    ids = list(dict.fromkeys(filter(None, st.query_params.get(COMPARED, "").split(","))))
    if len(ids) > MAX_RUNS:
        raise RunError("pages.too_many_runs", most=MAX_RUNS, count=len(ids))
    return [own_runs.store().open(run_id) for run_id in ids]


def write_link(chosen: Sequence[Run]) -> None:
    """Write the runs to compare into the link."""
    st.query_params.from_dict({COMPARED: ",".join(run.id for run in chosen)})


def show(compared: list[Run]) -> None:
    """Draw the comparison and refresh it until all of its runs have ended."""
    for run in compared:
        own_runs.remember(run)
    st.header(gettext("Comparison"))
    st.fragment(_draw)(compared, live=not _ended(compared))
    table = PreparedFile(
        gettext("Metrics (CSV)"),
        "comparison.csv",
        lambda: comparison.as_csv(_entries(compared)),
        gettext("One line for each run and step."),
    )
    # Outside the refreshed fragment, where the file would vanish after half a second.
    prepared_downloads.show([table])


def _draw(compared: list[Run], live: bool) -> None:
    with show_errors():
        _chart_and_table(_entries(compared))
        if live and _ended(compared):
            st.rerun()  # the whole page, which then stops refreshing
    if live:
        refresh_after(live_view.EVERY, key="comparison pace")


def _ended(compared: list[Run]) -> bool:
    return all(run.status().is_over for run in compared)


def _entries(compared: list[Run]) -> list[Entry]:
    return comparison.entries(compared, [live_view.history_of(run) for run in compared])


def _chart_and_table(found: list[Entry]) -> None:
    for entry in found:
        _progress(entry)
    measures = comparison.measures(found)
    if not measures:
        st.info(gettext("The curves appear with the first steps."), icon=":material/hourglass_top:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = st.selectbox(
            gettext("Metric"),
            measures,
            format_func=lambda name: gettext(LABELS[name]),
            filter_mode=None,
            key="measure",
            width=230,
        )
        assert measure is not None  # the list is not empty
        axis = pick_option(
            gettext("Horizontal axis"),
            AXES,
            "axis",
            default="step",
            help=gettext(
                "By step: which run learns more from the same number of images. By time: which run gets "
                "there first."
            ),
        )
        smoothing, logarithmic = curves.settings()
    lines = {entry.name: comparison.curve(entry, measure, axis == "time") for entry in found}
    figure = figures.overlay(lines, measure, axis == "time", smoothing)
    if logarithmic and ("loss" in measure or measure.endswith("rate")):
        figure.update_yaxes(type="log")
    chart(
        figure,
        key="overlay",
        alt=gettext("{metric} of all runs", metric=gettext(LABELS[measure])),
    )
    st.dataframe(
        [without_formulas(readable(row)) for row in comparison.table(found)],
        hide_index=True,
        column_config=_columns(),
        alt=gettext("Differing settings and results of the runs"),
        key="comparison table",
        placeholder="–",
    )


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the table with the titles of its ids."""
    return {name: VALUES[name](value) if name in VALUES and value else value for name, value in row.items()}


def _columns() -> dict[str, Any]:
    """Return the title and format of each column of the table; the table may lack some of them."""
    number, labels = st.column_config.NumberColumn, {name: gettext(text) for name, text in COLUMNS.items()}
    return {
        **labels,
        "test_accuracy": number(
            labels["test_accuracy"], format="percent", help=gettext("Accuracy on the test images")
        ),
        "validation_accuracy": number(
            labels["validation_accuracy"],
            format="percent",
            help=gettext("Accuracy on the validation images after the last epoch"),
        ),
        "parameters": number(labels["parameters"], format="localized"),
        "images_per_second": number(labels["images_per_second"], format="localized"),
    }


def _progress(entry: Entry) -> None:
    """Draw a run's state and progress in one line, with a link to it."""
    history, status = entry.history, entry.status
    left, right = st.columns([2, 3], vertical_alignment="center")
    left.page_link(
        navigation.TRAIN,
        label=gettext(
            "{name}: {state}", name=escape_markdown(entry.name), state=controls.state_of(history.run, status)
        ),
        icon=controls.STATE_ICONS[status.state],
        query_params={"run": history.run.id},
    )
    total = history.started.total_steps if history.started else 0
    right.progress(
        history.share_done,
        gettext("Step {step:,} of {total:,}", step=history.step, total=total)
        if total
        else gettext("Waiting"),
    )
