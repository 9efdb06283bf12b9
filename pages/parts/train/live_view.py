"""The live view of a run: a fragment that reads what is new and draws it, until the run is over."""

from __future__ import annotations

import time

import streamlit as st

from core.contract import architectures as models
from core.contract.config import TrainingConfig
from core.datasets import registry as datasets
from core.runs.report.history import History
from core.runs.store.run import Run
from core.runs.store.status import Status
from pages.parts.components import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import navigation
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.train import controls, curves, downloads, layer_norms, mistakes, samples

EVERY = 0.5  # seconds between two looks
SOON = 0.15  # the same while a run's first step is awaited,
STARTING = 10.0  # which it is for so many seconds; afterwards the run waits for its turn
VIEWS = {
    "gan": {"Drawings": ":material/draw:", "Curves": ":material/show_chart:", "Layers": ":material/layers:"},
    "classifier": {
        "Curves": ":material/show_chart:",
        "Mistakes": ":material/grid_on:",
        "Layers": ":material/layers:",
    },
}


def show(run: Run) -> None:
    """The run as it stands, refreshed until it is over.

    Raises:
        LabError: when the run's folder is damaged.
    """
    config = run.config
    st.subheader(title(run, config))
    st.fragment(_refreshed)(run, config, moving=not run.status().is_over)


def title(run: Run, config: TrainingConfig) -> str:
    """What a run is called: its name, or what learns from what."""
    name = run.status().name
    return (
        escape_markdown(name)
        if name
        else f"{models.get(config.architecture).title} on {datasets.describe(config.dataset).title}"
    )


def invitation() -> None:
    """What stands where no run is yet."""
    st.markdown(
        "**Press Start** to watch a network learn; *Fast* fills in settings that go well in little time.\n\n"
        "1. The *loss* says how wrong it still is; each step moves the weights a little way down its slope.\n"
        "2. The *accuracy* of a small batch jumps about; the validation accuracy after each epoch, on images "
        "that it never learnt from, is what counts.\n"
        "3. When it has finished, look at its mistakes, and use it on Classify or Generate, beside ours."
    )
    chart.preload()


def history_of(run: Run) -> History:
    """The run's record, of which a session reads each line once."""
    kept = st.session_state.setdefault("histories", {})
    return kept.setdefault(run.id, History(run)).refresh()


def _refreshed(run: Run, config: TrainingConfig, moving: bool) -> None:
    if moving and not run.folder.is_dir():  # discarded, here or in another tab
        st.query_params.clear()
        st.rerun()
    rest = EVERY
    with show_errors():
        _view(run, config)
        status = run.status()
        if moving and status.is_over:
            st.rerun()  # the whole page, which then stands still
        rest = _rest(run, status)
    if moving:
        refresh_after(rest, key="live pace")


def _rest(run: Run, status: Status) -> float:
    """Seconds until the next look."""
    starting = status.queued is not None and time.time() - status.queued < STARTING
    return SOON if starting and not history_of(run).step else EVERY


def _view(run: Run, config: TrainingConfig) -> None:
    """What a visitor follows; each part has its place from the first look on, so that nothing jumps."""
    status, history = run.status(), history_of(run)
    controls.heading(run, status)
    if history.started or not status.is_over:
        st.progress(*_progress(history, status))
    if status.is_over:
        _result(run, config, history)
    if history.started or not status.is_over:
        _details(run, config, history)
    if status.is_over:
        downloads.offer(run, history)


def _details(run: Run, config: TrainingConfig, history: History) -> None:
    """One of several ways to look into the run; the others cost nothing."""
    views = VIEWS["gan" if config.family == "gan" else "classifier"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "What to look at",
            list(views),
            default=next(iter(views)),
            required=True,
            format_func=lambda name: f"{views[name]} {name}",
            label_visibility="collapsed",
            key=f"view {config.family}",
        )
        smoothing = curves.smoothing() if view == "Curves" else 0.0
    if view == "Curves":
        curves.show(history, config.family, smoothing)
    elif view == "Mistakes":
        mistakes.show(run, config, history)
    elif view == "Drawings":
        samples.show(run, config, history)
    else:
        layer_norms.show(history, config.family)


def _progress(history: History, status: Status) -> tuple[float, str]:
    """How far the run is, from 0 to 1 and in words."""
    preparing, started = history.preparing, history.started
    if not started:
        return (
            (preparing.progress or 0.0, escape_markdown(str(preparing.message)))
            if preparing
            else (0.0, "Getting ready")
        )
    if not history.step:
        return 0.0, "Preparing the first step"
    step, total = history.step, max(1, started.total_steps)
    words = [f"Step {step:,} of {total:,}", f"{history.images_per_second:,.0f} images/s"]
    if status.is_over:
        words.append(f"{duration(history.seconds)} of training")
    elif len(history.by_chunk["step"]) > 2:  # the first are slow, since the network is compiled in them
        words.append(f"about {duration(history.seconds / step * (total - step))} of training left")
    return min(1.0, step / total), ", ".join(words)


def duration(seconds: float) -> str:
    """Seconds in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _result(run: Run, config: TrainingConfig, history: History) -> None:
    """What came of it, and the doors to its use."""
    finished = history.finished
    with st.container(horizontal=True, vertical_alignment="center"):
        if finished and "test_accuracy" in finished.metrics:
            st.metric(
                "Test accuracy",
                f"{finished.metrics['test_accuracy']:.2%}",
                help="The share of the test images that it reads rightly; none was used until now.",
                width="content",
            )
        if run.bundle.is_dir() and config.family == "gan":
            st.page_link(navigation.GENERATE, label="Draw with this generator", icon=":material/draw:")
        elif run.bundle.is_dir():
            st.page_link(
                navigation.CLASSIFY, label="Read pictures with this network", icon=":material/image_search:"
            )
