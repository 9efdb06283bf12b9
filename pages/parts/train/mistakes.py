"""What a classifier gets wrong: the confusion matrix, the images behind its cells, the worst mistakes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from core.contract.config import TrainingConfig
from core.contract.evaluation import Judged
from core.contract.events import Answers
from core.datasets import registry as datasets
from core.figures import training as figures
from core.figures.classification import confusion_matrix
from core.runs.report.history import History
from core.runs.store import classified_images
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.shared.confusion_cells import Cell, pick_cell
from pages.parts.shared.picture_urls import enlarged

WORST = "The worst mistakes"
SHOWN = 24
TITLES = {"validation": "validation images", "test": "test images"}


def show(run: Run, config: TrainingConfig, history: History) -> None:
    """The latest answers; before the first epoch's end, when they will come."""
    answers = history.answers.get("test") or _of_old(history) or history.answers.get("validation")
    classes = datasets.describe(config.dataset).classes
    if answers is None or np.shape(answers.confusion) != (len(classes), len(classes)):
        st.info("What it gets wrong is shown after the first epoch.", icon=":material/hourglass_top:")
        return
    confusion = np.array(answers.confusion)
    st.caption(_sentence(answers, confusion))
    left, right = st.columns(2)
    with left:
        clicked = st.plotly_chart(
            confusion_matrix(confusion, classes),
            key=f"confusion {answers.split} {answers.step}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"Confusion matrix of the {TITLES.get(answers.split, 'images')}",
        )
    with right:
        chart(
            figures.class_accuracy(confusion, classes, config.family),
            key="class accuracy",
            alt="Accuracy of each class",
        )
    behind = classified_images.read(run.folder / "answers" / Path(answers.file).name)
    if behind is None:
        st.caption("The images behind the matrix are not there any more.")
    else:
        cell = pick_cell(clicked, confusion, classes, whole=WORST, key="cell")
        _images(behind, cell, confusion, classes)


def _of_old(history: History) -> Answers | None:
    """The test's matrix of a run that was recorded before images were kept with it."""
    finished = history.finished
    if finished is None or not finished.confusion:
        return None
    return Answers(finished.step, 0, "test", finished.confusion, None)


def _sentence(answers: Answers, confusion: np.ndarray) -> str:
    right, count = int(np.trace(confusion)), int(confusion.sum())
    when = "at the end" if answers.split == "test" else f"after epoch {answers.epoch}"
    return f"{right:,} of {count:,} {TITLES.get(answers.split, 'images')} read rightly {when}."


def _images(behind: Judged, cell: Cell | None, confusion: np.ndarray, classes: tuple[str, ...]) -> None:
    wrong = behind.labels != behind.predicted
    chosen = wrong if cell is None else (behind.labels == cell[0]) & (behind.predicted == cell[1])
    sure_first = cell is None or cell[0] != cell[1]
    order = np.argsort(behind.probability if not sure_first else -behind.probability, kind="stable")
    places = [i for i in order if chosen[i]][:SHOWN]
    if not places:
        st.success("Not a single mistake.", icon=":material/check:")
        return
    count = int(confusion[cell]) if cell else int(confusion.sum() - np.trace(confusion))
    which = "of which it was surest" if sure_first else "of which it was least sure"
    if count > len(places):
        st.caption(f"The {len(places)} {which}, of {count:,}.")
    with st.container(horizontal=True, gap="small"):
        for i in places:
            st.image(enlarged(behind.images[i], 3), caption=_caption(behind, i, classes), width=84)


def _caption(behind: Judged, i: int, classes: tuple[str, ...]) -> str:
    true, said = (classes[min(int(k), len(classes) - 1)] for k in (behind.labels[i], behind.predicted[i]))
    sure = f"{behind.probability[i]:.0%}"
    return f"{true}: {sure}" if true == said else f"{true} as {said}: {sure}"
