"""The live view of a run: a fragment that reads what is new and draws it, until the run is over."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from core.datasets import catalog as datasets
from core.figures import training as figures
from core.figures.classification import confusion_matrix
from core.models import catalog as models
from core.runs import export, queue
from core.runs.history import History
from core.runs.run import Control, Run
from core.runs.status import State, Status
from core.training.config import TrainingConfig
from pages.parts import house
from pages.parts.chart import chart
from pages.parts.errors import in_words, plain

EVERY = 0.5  # seconds between two looks
Colour = Literal["blue", "green", "orange", "red", "gray"]
STATE_COLOURS: dict[State, Colour] = {
    "created": "gray",
    "waiting": "gray",
    "starting": "blue",
    "running": "blue",
    "paused": "orange",
    "finished": "green",
    "stopped": "gray",
    "failed": "red",
    "interrupted": "red",
}
STATE_ICONS: dict[State, str] = {
    "created": ":material/schedule:",
    "waiting": ":material/schedule:",
    "starting": ":material/hourglass_top:",
    "running": ":material/play_arrow:",
    "paused": ":material/pause:",
    "finished": ":material/check:",
    "stopped": ":material/stop:",
    "failed": ":material/error:",
    "interrupted": ":material/power_off:",
}


def show(run: Run) -> None:
    """The run as it stands, refreshed until it is over.

    Raises:
        LabError: when the run's folder is damaged.
    """
    config = run.config
    st.subheader(f"{models.get(config.architecture).title} on {datasets.info(config.dataset).title}")
    every = None if run.status().is_over else EVERY
    st.fragment(_refreshed, run_every=every)(run, config, every)


def line(run: Run) -> None:
    """A run in one line, with a link."""
    config, status = run.config, run.status()
    accuracy = status.metrics.get("test_accuracy")
    result = f", test accuracy {accuracy:.1%}" if accuracy is not None else ""
    label = f"{models.get(config.architecture).title} on {datasets.info(config.dataset).title}"
    st.page_link(
        house.TRAIN,
        label=f"{label}: {status.state}{result}",
        icon=":material/timeline:",
        query_params={"run": run.id},
    )


def invitation() -> None:
    """What stands where no run is yet."""
    st.markdown(
        "**Press Start** to watch a network learn.\n\n"
        "1. The *loss* says how wrong it still is; each step moves the weights a little way down its slope.\n"
        "2. The *accuracy* of a small batch jumps about; the validation accuracy after each epoch, on images "
        "that it never learnt from, is what counts.\n"
        "3. When it has finished, use your network on Classify or Generate, beside ours."
    )


def _refreshed(run: Run, config: TrainingConfig, every: float | None) -> None:
    with in_words():
        _view(run, config)
        if every and run.status().is_over:
            st.rerun()  # the whole page, which then sets no timer


def _view(run: Run, config: TrainingConfig) -> None:
    """What a visitor follows; each part has its place from the first look on, so that nothing jumps."""
    status, history = run.status(), _history(run)
    _heading(run, status)
    if history.started or not status.is_over:
        st.progress(*_progress(history, status))
        _charts(history, config.family)
    if history.samples and (run.folder / history.samples[-1].file).is_file():
        sample = history.samples[-1]
        st.image(
            (run.folder / sample.file).read_bytes(),
            caption=f"The same noise, drawn after step {sample.step:,}",
            alt="What the generator draws from fixed noise",
            width=420,
        )
    if status.is_over:
        _result(run, config, history)


def _history(run: Run) -> History:
    kept = st.session_state.setdefault("histories", {})
    return kept.setdefault(run.id, History(run)).refresh()


def _heading(run: Run, status: Status) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(status.state.capitalize(), icon=STATE_ICONS[status.state], color=STATE_COLOURS[status.state])
        st.markdown(plain(_waiting(run) if status.state == "waiting" else status.message))
        if not status.is_over:
            asked = run.control()
            stopping = asked is Control.STOP
            if status.state in ("running", "paused") and not stopping:
                held = asked is Control.PAUSE
                st.button(
                    "Continue" if held else "Pause",
                    icon=":material/play_arrow:" if held else ":material/pause:",
                    on_click=_ask,
                    args=(run, Control.RUN if held else Control.PAUSE),
                    key="pause",
                )
            st.button(
                "Stopping" if stopping else "Stop",
                icon=":material/stop:",
                disabled=stopping,
                on_click=_ask,
                args=(run, Control.STOP),
                key="stop",
            )
        elif status.state in ("interrupted", "failed") and st.button(
            "Resume",
            icon=":material/resume:",
            help="Goes on from the last checkpoint, as if nothing had happened.",
            key="resume",
        ):
            queue.resume(run)
            st.rerun()  # the whole page, which then sets a timer


def _ask(run: Run, control: Control) -> None:
    with in_words():
        if run.control() is not Control.STOP:  # another tab may have stopped it; there is no way back
            run.request(control)


def _waiting(run: Run) -> str:
    place = queue.place(run)
    return f"Waiting for a free place: number {place} in the line." if place > 1 else "Next in the line."


def _progress(history: History, status: Status) -> tuple[float, str]:
    """How far the run is, from 0 to 1 and in words."""
    message, started = history.message, history.started
    if not started:
        return (message.progress or 0.0, plain(message.text)) if message else (0.0, "Getting ready")
    if not history.step:
        return 0.0, "Preparing the first step"
    step, total = history.step, started.total_steps
    words = [f"Step {step:,} of {total:,}", f"{history.images_per_second:,.0f} images/s"]
    if status.is_over:
        words.append(f"{_duration(history.seconds)} of training")
    elif len(history.by_chunk["step"]) > 2:  # the first are slow, since the network is compiled in them
        words.append(f"about {_duration(history.seconds / step * (total - step))} of training left")
    return min(1.0, step / total), ", ".join(words)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _charts(history: History, family: str) -> None:
    if family == "gan":
        _gan_charts(history)
    else:
        _classifier_charts(history, family)


def _classifier_charts(history: History, family: str) -> None:
    by_step = history.by_step
    losses = [(e.step, e.validation_loss) for e in history.epochs]
    accuracies = [(e.step, e.validation_accuracy) for e in history.epochs]
    left, right = st.columns(2)
    with left:
        chart(figures.loss_chart(by_step.get("loss", []), losses, family), key="loss", alt="Loss by step")
    with right:
        chart(
            figures.accuracy_chart(by_step.get("accuracy", []), accuracies, family),
            key="accuracy",
            alt="Accuracy by step",
        )


def _gan_charts(history: History) -> None:
    by_step = history.by_step
    left, right = st.columns(2)
    with left:
        chart(
            figures.gan_loss_chart(by_step.get("discriminator_loss", []), by_step.get("generator_loss", [])),
            key="losses",
            alt="Both losses by step",
        )
    with right:
        chart(
            figures.belief_chart(by_step.get("d_real", []), by_step.get("d_fake", [])),
            key="beliefs",
            alt="D(x) and D(G(z)) by step",
        )


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
            st.page_link(house.GENERATE, label="Draw with this generator", icon=":material/draw:")
        elif run.bundle.is_dir():
            st.page_link(
                house.CLASSIFY, label="Read pictures with this network", icon=":material/image_search:"
            )
    if finished and finished.confusion:
        st.plotly_chart(
            confusion_matrix(np.array(finished.confusion), datasets.info(config.dataset).classes),
            key="confusion",
            config={"displayModeBar": False},
            alt="Confusion matrix of the test images",
        )
    _take_away(run, history)


def _take_away(run: Run, history: History) -> None:
    """The run's files, read or made only when they are asked for."""
    files = {
        "Keras model": ((run.bundle / "model.keras").read_bytes, "model.keras"),
        "LiteRT model": ((run.bundle / "model.tflite").read_bytes, "model.tflite"),
        "Figures (CSV)": (lambda: export.metrics_csv(history), "metrics.csv"),
        "Configuration (JSON)": (lambda: export.config_json(run), "config.json"),
    }
    with st.container(horizontal=True):
        for label, (content, name) in files.items():
            if name.startswith("model") and not (run.bundle / name).is_file():
                continue  # nothing was learnt
            if name == "metrics.csv" and not history.step:
                continue
            st.download_button(
                label,
                content,
                file_name=name,
                icon=":material/download:",
                on_click="ignore",
                key=f"download {name}",
            )
