"""What a generator draws: the same noise through its history, and what a judge says of fresh samples."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.contract.config import TrainingConfig
from core.datasets import registry as datasets
from core.figures import training as figures
from core.runs.report.gan_diagnosis import diagnose
from core.runs.report.history import History
from core.runs.store.run import Run
from pages.parts.components.chart import chart

CONDITIONAL = ("dcgan",)  # architectures whose generator can be asked for a class
SHOW = {"good": st.success, "open": st.info, "bad": st.warning}
ICONS = {"good": ":material/check:", "open": ":material/help:", "bad": ":material/warning:"}


def show(run: Run, config: TrainingConfig, history: History) -> None:
    """The grid at the left, the diagnosis at the right."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _grid(run, history)
    with right:
        _diagnosis(config, history)


def _grid(run: Run, history: History) -> None:
    pictures = {sample.step: run.samples / Path(sample.file).name for sample in history.samples}
    steps = [step for step, path in pictures.items() if path.is_file()]
    if not steps:
        st.info("The first drawings come with the first step.", icon=":material/hourglass_top:")
        return
    step = _step(steps)
    st.image(
        pictures[step].read_bytes(),
        caption=f"The same noise, drawn after step {step:,}",
        alt="What the generator draws from fixed noise",
        width="stretch",
    )


def _step(steps: list[int]) -> int:
    """The slider through the history; it follows the newest drawing unless it was moved back."""
    if len(steps) == 1:
        return steps[0]
    state = st.session_state
    if state.get("drawn") not in steps or state.get("newest") == state["drawn"]:
        state["drawn"] = steps[-1]
    state["newest"] = steps[-1]
    return st.select_slider(
        "Drawn after step", steps, format_func=lambda step: f"{step:,}", key="drawn",
        help="The same noise at every step; go back and see how the drawings came to be.",
    )  # fmt: skip


def _diagnosis(config: TrainingConfig, history: History) -> None:
    classes = datasets.describe(config.dataset).classes
    conditional = config.architecture in CONDITIONAL
    findings = diagnose(history, classes, conditional)
    for finding in findings:
        SHOW[finding.kind](finding.text, icon=ICONS[finding.kind])
    if not findings:
        st.caption("What the figures mean is said here after some hundred steps.")
    if history.censuses and len(history.censuses[-1].seen) == len(classes):
        census = history.censuses[-1]
        chart(
            figures.census_chart(census.seen, census.right if conditional else None, classes),
            key="census",
            alt="Classes that the judge sees in fresh samples",
        )
        unknown = f"; {census.unknown} look like no class" if census.unknown else ""
        of = f"{census.samples} fresh samples after step {census.step:,}"
        st.caption(f"{of}, read by the shipped {census.judge}{unknown}.")
