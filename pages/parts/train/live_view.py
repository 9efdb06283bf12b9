"""Show a run live: a fragment reads new events and draws them until the run has ended."""

from __future__ import annotations

import time

import streamlit as st

from core.contract.config import TrainingConfig
from core.language import N_, gettext
from core.runs.report.classifier_diagnosis import diagnose_end
from core.runs.report.history import History
from core.runs.report.titles import dataset_title, run_title
from core.runs.store.run import Run
from core.runs.store.status import Status
from pages.parts.classify import reading_choice
from pages.parts.components import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import model_picker, navigation, run_control, view_picker
from pages.parts.shared.error_messages import escape_markdown, sentence, show_errors
from pages.parts.train import (
    controls,
    curves,
    downloads,
    form_filling,
    layer_norms,
    mistakes,
    samples,
    sharing,
    shown_run,
)
from pages.parts.train.findings import show_finding

EVERY = 0.5  # seconds between two refreshes
SOON = 0.15  # the same before a run's first step,
STARTING = 10.0  # for at most this many seconds after it was queued
VIEW = "view"  # widget key, and the parameter of the link
VIEWS = {"gan": ("drawings", "curves", "layers"), "classifier": ("curves", "mistakes", "layers")}
LABELS = {
    "drawings": N_(":material/draw: Drawings"),
    "curves": N_(":material/show_chart: Curves"),
    "mistakes": N_(":material/grid_on: Mistakes"),
    "layers": N_(":material/layers: Layers"),
}


def show(run: Run) -> None:
    """Draw the run and refresh it until it has ended.

    Raises:
        LabError: when the run's folder is damaged.
    """
    with run_control.unless_deleted(run):
        config = run.config
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(title(run))
            with st.container(horizontal=True, width="content"):
                st.button(
                    gettext("Same settings again"),
                    icon=":material/replay:",
                    help=gettext("Fills the form in with this run's settings."),
                    on_click=_fill_form,
                    args=(config,),
                    key="same settings",
                )
                sharing.offer(run)
        st.fragment(_draw)(run, config, live=not run.status().is_over)
    _leave_if_deleted(run)


def _fill_form(config: TrainingConfig) -> None:
    form_filling.fill(config)
    shown_run.look_at_form()


def title(run: Run) -> str:
    """Return the run's title with characters of markdown escaped.

    Raises:
        LabError: when the run's folder is damaged.
    """
    return escape_markdown(run_title(run))


def invitation() -> None:
    """Explain how to start and what to watch for, while no run is shown."""
    st.markdown(
        gettext(
            "**Start training** to watch a network learn; *Fast* fills in "
            "settings that work well in little "
            "time.\n\n"
            "1. The *loss* measures how wrong the network is; each step moves the "
            "weights a little way down its "
            "slope.\n"
            "2. The *accuracy* of a small batch varies a lot. The validation "
            "accuracy after each epoch counts: "
            "it is measured on images that the network has not learnt from.\n"
            "3. After training, look at the network's mistakes, and use it on Classify or Generate."
        )
    )
    chart.preload()


def history_of(run: Run) -> History:
    """Return the run's history; a session reads each line of its record once."""
    kept = st.session_state.setdefault("histories", {})
    return kept.setdefault(run.id, History(run)).refresh()


def _draw(run: Run, config: TrainingConfig, live: bool) -> None:
    seconds = EVERY
    with show_errors(), run_control.unless_deleted(run):
        _view(run, config)
        status = run.status()
        if live and status.is_over:
            st.rerun()  # the whole page, which then stops refreshing
        seconds = _seconds_until_next(run, status)
    _leave_if_deleted(run)
    if live:
        refresh_after(seconds, key="live pace")


def _leave_if_deleted(run: Run) -> None:
    """Show the page without the run, if it was discarded here or in another tab."""
    if not run.folder.is_dir():
        st.query_params.clear()
        st.rerun()


def _seconds_until_next(run: Run, status: Status) -> float:
    """Return the seconds until the next refresh."""
    starting = status.queued is not None and time.time() - status.queued < STARTING
    return SOON if starting and not history_of(run).step else EVERY


def _view(run: Run, config: TrainingConfig) -> None:
    """Draw everything about the run; each part keeps its place, so that the page does not jump."""
    status, history = run.status(), history_of(run)
    controls.heading(run, status)
    if history.started or not status.is_over:
        st.progress(*_progress(history, status))
    if status.is_over:
        _result(run, config, history)
        if (finished := history.finished) and (finding := diagnose_end(config, finished)):
            show_finding(finding)
    if history.started or not status.is_over:
        _details(run, config, history)
    if status.is_over:
        downloads.offer(run, history)


def _details(run: Run, config: TrainingConfig, history: History) -> None:
    """Draw the chosen view of the run; the others are not computed."""
    views = VIEWS["gan" if config.family == "gan" else "classifier"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = view_picker.pick_view(gettext("View"), {name: name for name in views}, VIEW, LABELS)
        smoothing, logarithmic = curves.settings() if view == "curves" else (0.0, False)
    if view == "curves":
        curves.show(history, config.family, smoothing, logarithmic)
    elif view == "mistakes":
        mistakes.show(run, config, history)
    elif view == "drawings":
        samples.show(run, config, history)
    else:
        layer_norms.show(history, config.family)


def _progress(history: History, status: Status) -> tuple[float, str]:
    """Return the run's progress, from 0 to 1 and in words."""
    preparing, started = history.preparing, history.started
    if not started:
        return (
            (preparing.progress or 0.0, sentence(preparing.message))
            if preparing
            else (0.0, gettext("Preparing"))
        )
    if not history.step:
        return 0.0, gettext("Preparing the first step")
    values = {
        "step": history.step,
        "total": max(1, started.total_steps),
        "speed": history.images_per_second,
    }
    if status.is_over:
        text = gettext(
            "Step {step:,} of {total:,}, {speed:,.0f} images/s, {time} of training",
            **values,
            time=duration(history.seconds),
        )
    elif (left := history.seconds_left) is not None:
        text = gettext(
            "Step {step:,} of {total:,}, {speed:,.0f} images/s, about {time} of training left",
            **values,
            time=duration(left),
        )
    else:
        text = gettext("Step {step:,} of {total:,}, {speed:,.0f} images/s", **values)
    return history.share_done, text


def duration(seconds: float) -> str:
    """Return a duration in words."""
    if seconds < 90:
        return gettext("{seconds:.0f} s", seconds=seconds)
    if seconds < 5400:
        return gettext("{minutes:.0f} min", minutes=seconds / 60)
    return gettext("{hours:.1f} h", hours=seconds / 3600)


def _result(run: Run, config: TrainingConfig, history: History) -> None:
    """Show the test accuracy, and links to the pages that use the network."""
    finished = history.finished
    with st.container(horizontal=True, vertical_alignment="center"):
        if finished and "test_accuracy" in finished.metrics:
            st.metric(
                gettext("Test accuracy"),
                f"{finished.metrics['test_accuracy']:.2%}",
                help=gettext("Share of the test images read correctly."),
                width="content",
            )
        if run.bundle.is_dir() and config.family == "gan":
            st.page_link(
                navigation.GENERATE,
                label=gettext("Draw with this generator"),
                icon=":material/draw:",
                query_params={model_picker.MODEL: run.id},
            )
        elif run.bundle.is_dir():
            label = gettext("Read pictures with this network")
            if st.button(label, icon=":material/image_search:", type="tertiary", key="read with run"):
                reading_choice.read_with(run.id)
                st.switch_page(navigation.CLASSIFY)
    if finished and finished.confusion:
        images = sum(map(sum, finished.confusion))
        st.caption(
            gettext(
                "Measured on the {count:,} test images of {dataset}, which the network has never seen.",
                count=images,
                dataset=escape_markdown(dataset_title(config.dataset)),
            )
        )
