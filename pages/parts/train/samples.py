"""Show a generator's drawings from the same noise, and what a classifier reads in new samples."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.contract.config import TrainingConfig
from core.datasets import registry as datasets
from core.figures import training as figures
from core.language import gettext
from core.runs.report.gan_diagnosis import diagnose
from core.runs.report.history import History
from core.runs.report.training_film import training_film
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.shared.process_cache import kept_in_process
from pages.parts.train.findings import show_finding

FEWEST_FRAMES = 3  # of a film
CONDITIONAL = ("dcgan", "colour_dcgan")  # architectures whose generator can be asked for a class


def show(run: Run, config: TrainingConfig, history: History) -> None:
    """Draw the images at the left and the diagnosis at the right."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _grid(run, history)
    with right:
        _diagnosis(config, history)


def _grid(run: Run, history: History) -> None:
    pictures = {sample.step: run.samples / Path(sample.file).name for sample in history.samples}
    steps = [step for step, path in pictures.items() if path.is_file()]
    if not steps:
        st.info(gettext("The first images appear with the first step."), icon=":material/hourglass_top:")
        return
    if len(steps) >= FEWEST_FRAMES and run.status().is_over and _is_film_wanted():
        st.image(
            _film(tuple(pictures[step] for step in steps)),
            caption=gettext("The same noise, from the first step to the last"),
            alt=gettext("A film of the images that the generator drew while it learnt"),
            width="stretch",
        )
        return
    step = _step(steps)
    st.image(
        pictures[step].read_bytes(),
        caption=gettext("Drawn from the same noise after step {step:,}", step=step),
        alt=gettext("Images that the generator draws from fixed noise"),
        width="stretch",
    )


def _is_film_wanted() -> bool:
    return st.toggle(
        gettext("Play as film"),
        key="film",
        help=gettext("Shows how the images developed, from the first step to the last, again and again."),
    )


@kept_in_process(4)
def _film(pictures: tuple[Path, ...]) -> bytes:
    return training_film(pictures)


def _step(steps: list[int]) -> int:
    """Return the step chosen on the slider, which follows the newest images unless it was moved back."""
    if len(steps) == 1:
        return steps[0]
    state = st.session_state
    if state.get("drawn") not in steps or state.get("newest") == state["drawn"]:
        state["drawn"] = steps[-1]
    state["newest"] = steps[-1]
    return st.select_slider(
        gettext("Drawn after step"),
        steps,
        format_func=lambda step: f"{step:,}",
        key="drawn",
        help=gettext("The noise is the same at every step; move back to see how the images developed."),
    )


def _diagnosis(config: TrainingConfig, history: History) -> None:
    classes = datasets.describe(config.dataset).classes
    conditional = config.architecture in CONDITIONAL
    findings = diagnose(history, classes, conditional)
    for finding in findings:
        show_finding(finding)
    if not findings:
        st.caption(gettext("An explanation of the curves appears here after a few hundred steps."))
    if history.sample_predictions and len(history.sample_predictions[-1].seen) == len(classes):
        predictions = history.sample_predictions[-1]
        chart(
            figures.sample_classes_chart(
                predictions.seen, predictions.right if conditional else None, classes
            ),
            key="sample_classes",
            alt=gettext("Classes that the classifier reads in new samples"),
        )
        st.caption(
            gettext(
                "{samples} new samples after step {step:,}, read by the shipped {classifier}; {unknown} "
                "look like no class.",
                samples=predictions.samples,
                step=predictions.step,
                classifier=gettext(predictions.classifier),
                unknown=predictions.unknown,
            )
        )
