"""The live view of a run: a fragment that reads what is new and draws it, until the run is over."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from core.datasets import catalog as datasets
from core.figures import training as figures
from core.figures.classification import confusion_matrix
from core.models import catalog as models
from core.runs import queue
from core.runs.history import History
from core.runs.run import Control, Run
from core.runs.status import Status
from core.training.config import TrainingConfig
from pages.parts import house
from pages.parts.errors import in_words, plain

EVERY = 0.5  # seconds between two looks
Colour = Literal["blue", "green", "red", "gray"]
STATE_COLOURS: dict[str, Colour] = {
    "running": "blue",
    "finished": "green",
    "failed": "red",
    "interrupted": "red",
}


def show(run: Run) -> None:
    """The run as it stands, refreshed until it is over.

    Raises:
        LabError: when the run's folder is damaged.
    """
    config = run.config
    st.subheader(f"{models.get(config.architecture).title} on {datasets.info(config.dataset).title}")
    if run.status().is_over:
        _view(run, config)
    else:
        st.fragment(_refreshed, run_every=EVERY)(run, config)


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


def _refreshed(run: Run, config: TrainingConfig) -> None:
    with in_words():
        _view(run, config)
        if run.status().is_over:
            st.rerun()  # the whole page, which then draws the run without a timer


def _view(run: Run, config: TrainingConfig) -> None:
    status, history = run.status(), _history(run)
    _heading(run, status, history)
    if history.by_step.get("loss"):
        _classifier_charts(history, config.family)
    elif history.by_step.get("generator_loss"):
        _gan_charts(history)
    if history.samples and (run.folder / history.samples[-1].file).is_file():
        sample = history.samples[-1]
        st.image(
            (run.folder / sample.file).read_bytes(),
            caption=f"The same noise, drawn after step {sample.step:,}",
            alt="What the generator draws from fixed noise",
            width=420,
        )
    if history.finished and history.finished.confusion:
        _result(history, config)
    if run.bundle.is_dir():
        _doors(config)


def _history(run: Run) -> History:
    kept = st.session_state.setdefault("histories", {})
    return kept.setdefault(run.id, History(run)).refresh()


def _heading(run: Run, status: Status, history: History) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(status.state.capitalize(), color=STATE_COLOURS.get(status.state, "gray"))
        st.markdown(plain(_waiting(run) if status.state == "waiting" else status.message))
        if not status.is_over:
            stopping = run.control() is Control.STOP
            if st.button(
                "Stopping" if stopping else "Stop", icon=":material/stop:", disabled=stopping, key="stop"
            ):
                run.request(Control.STOP)
                st.rerun(scope="fragment")
    if history.started and not status.is_over:
        total = history.started.total_steps
        st.progress(min(1.0, history.step / total), _progress(history, total))
    elif history.message and not status.is_over and history.message.progress is not None:
        st.progress(history.message.progress, history.message.text)


def _waiting(run: Run) -> str:
    place = queue.place(run)
    return f"Waiting for a free place: number {place} in the line." if place > 1 else "Next in the line."


def _progress(history: History, total: int) -> str:
    if not history.chunks:
        return "Preparing the first step"
    chunk = history.chunks[-1]
    left = chunk.seconds / chunk.step * (total - chunk.step)
    return (
        f"Step {chunk.step:,} of {total:,}, {chunk.images_per_second:,.0f} images/s, "
        f"about {_duration(left)} of training left"
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _classifier_charts(history: History, family: str) -> None:
    losses = [(e.step, e.validation_loss) for e in history.epochs]
    accuracies = [(e.step, e.validation_accuracy) for e in history.epochs]
    loss, accuracy = st.columns(2)
    loss.plotly_chart(
        figures.loss_chart(history.by_step["loss"], losses, family), key="loss", alt="Loss by step"
    )
    accuracy.plotly_chart(
        figures.accuracy_chart(history.by_step["accuracy"], accuracies, family),
        key="accuracy",
        alt="Accuracy by step",
    )


def _gan_charts(history: History) -> None:
    by_step = history.by_step
    losses, beliefs = st.columns(2)
    losses.plotly_chart(
        figures.gan_loss_chart(by_step["discriminator_loss"], by_step["generator_loss"]),
        key="losses",
        alt="Both losses by step",
    )
    beliefs.plotly_chart(
        figures.belief_chart(by_step["d_real"], by_step["d_fake"]),
        key="beliefs",
        alt="D(x) and D(G(z)) by step",
    )


def _result(history: History, config: TrainingConfig) -> None:
    assert history.finished is not None
    confusion = np.array(history.finished.confusion)
    accuracy = history.finished.metrics["test_accuracy"]
    st.metric(
        "Test accuracy", f"{accuracy:.2%}", help=f"On {confusion.sum():,} test images, never used until now."
    )
    st.plotly_chart(
        confusion_matrix(confusion, datasets.info(config.dataset).classes),
        key="confusion",
        alt="Confusion matrix of the test images",
    )


def _doors(config: TrainingConfig) -> None:
    if config.family == "gan":
        st.page_link(house.GENERATE, label="Draw with this generator", icon=":material/draw:")
    else:
        st.page_link(house.CLASSIFY, label="Read pictures with this network", icon=":material/image_search:")
