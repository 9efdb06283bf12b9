"""Show a classifier's mistakes: the confusion matrix and the images in each of its cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from core.contract.config import TrainingConfig
from core.contract.evaluation import Cell, ClassifiedImages, count_in_cell, is_mistake, places_in_cell
from core.contract.events import Answers
from core.datasets import registry as datasets
from core.figures import training as figures
from core.language import N_, gettext, percent
from core.runs.report.history import History
from core.runs.store import classified_images
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.shared.confusion_cells import draw_matrix, pick_cell
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.picture_urls import enlarged

WORST = N_("Worst mistakes")
SHOWN = 24
MOST_PROBABLE = N_("{shown} of {count:,}, the highest probabilities first.")
LEAST_PROBABLE = N_("{shown} of {count:,}, the lowest probabilities first.")
ALTS = {
    "validation": N_("Confusion matrix of the validation images"),
    "test": N_("Confusion matrix of the test images"),
}
RESULTS = {
    "validation": N_("{right:,} of {count:,} validation images read correctly after epoch {epoch}."),
    "test": N_("{right:,} of {count:,} test images read correctly at the end."),
}


def show(run: Run, config: TrainingConfig, history: History) -> None:
    """Draw the latest answers; before the end of the first epoch, say when they will come."""
    answers = history.latest_answers
    classes = datasets.describe(config.dataset).classes
    if answers is None or np.shape(answers.confusion) != (len(classes), len(classes)):
        st.info(gettext("Mistakes appear after the first epoch."), icon=":material/hourglass_top:")
        return
    confusion = np.array(answers.confusion)
    st.caption(_sentence(answers, confusion))
    left, right = st.columns(2)
    with left:
        draw_matrix(
            confusion,
            classes,
            key=f"confusion {answers.split} {answers.step}",
            alt=gettext(ALTS[answers.split]),
            list_key="cell",
        )
    with right:
        chart(
            figures.class_accuracy(confusion, classes, config.family),
            key="class accuracy",
            alt=gettext("Accuracy of each class"),
        )
    kept = classified_images.read(run.folder / "answers" / Path(answers.file).name)
    if kept is None:
        st.caption(gettext("The images of this matrix have been deleted."))
    else:
        cell = pick_cell(confusion, classes, whole=gettext(WORST), key="cell")
        _images(kept, cell, confusion, classes)


def _sentence(answers: Answers, confusion: np.ndarray) -> str:
    count = int(confusion.sum())
    return gettext(
        RESULTS[answers.split],
        right=count - count_in_cell(confusion, None),
        count=count,
        epoch=answers.epoch,
    )


def _images(
    kept: ClassifiedImages, cell: Cell | None, confusion: np.ndarray, classes: tuple[str, ...]
) -> None:
    places = places_in_cell(kept, cell)[:SHOWN]
    if not places:
        st.success(gettext("No mistakes."), icon=":material/check:")
        return
    count = count_in_cell(confusion, cell)
    if count > len(places):
        text = MOST_PROBABLE if is_mistake(cell) else LEAST_PROBABLE
        st.caption(gettext(text, shown=len(places), count=count))
    with st.container(horizontal=True, gap="small"):
        for i in places:
            told = _caption(kept, i, classes)
            st.image(enlarged(kept.images[i], 3), caption=told, alt=told, width=84)


def _caption(kept: ClassifiedImages, i: int, classes: tuple[str, ...]) -> str:
    true, said = (
        escape_markdown(classes[min(int(k), len(classes) - 1)]) for k in (kept.labels[i], kept.predicted[i])
    )
    probability = percent(float(kept.probability[i]))
    if true == said:
        return gettext("{true}: {probability}", true=true, probability=probability)
    return gettext("{true} as {predicted}: {probability}", true=true, predicted=said, probability=probability)
