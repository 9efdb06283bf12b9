"""The confusion matrix of the pictures held out; a cell opens its pictures."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.class_sets.taught_set import TaughtSet
from core.contract.evaluation import (
    Cell,
    ClassifiedImages,
    count_in_cell,
    places_in_cell,
    softmax,
)
from core.language import gettext, percent
from pages.parts.shared.confusion_cells import draw_matrix, pick_cell
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.teach.chosen_picture import RowPicture, show_row

SHOWN = 12  # pictures of a cell


def show(taught: TaughtSet) -> None:
    """Draw the matrix and the pictures of the chosen cell."""
    confusion, classes = taught.head.held_out.evaluation.confusion, taught.classes.names
    draw_matrix(
        confusion,
        classes,
        key="confusion of classes",
        alt=gettext("Confusion matrix of the held-out pictures"),
        list_key="cell of classes",
    )
    cell = pick_cell(confusion, classes, whole=gettext("All mistakes"), key="cell of classes")
    _show_pictures(taught, cell)


def _show_pictures(taught: TaughtSet, cell: Cell | None) -> None:
    answers = _answers(taught)
    places = places_in_cell(answers, cell)[:SHOWN]
    if not places:
        st.success(gettext("No mistakes."), icon=":material/check:")
        return
    count = count_in_cell(taught.head.held_out.evaluation.confusion, cell)
    if count > len(places):
        st.caption(gettext("{shown} of {count:,}, the most surprising first.", shown=SHOWN, count=count))
    show_row(
        taught,
        [RowPicture(int(taught.head.held_out.pictures[k]), _words(taught, answers, k)) for k in places],
        key="confused",
    )


def _answers(taught: TaughtSet) -> ClassifiedImages:
    """Return the answers to the pictures held out, without the pictures' pixels."""
    held_out = taught.head.held_out
    probabilities = softmax(held_out.logits / taught.head.temperature)
    return ClassifiedImages(
        images=np.empty((len(held_out.labels), 0, 0, 3), np.uint8),
        labels=held_out.labels,
        predicted=probabilities.argmax(axis=1),
        probability=probabilities.max(axis=1),
    )


def _words(taught: TaughtSet, answers: ClassifiedImages, k: int) -> str:
    true, said = (escape_markdown(taught.classes.names[n]) for n in (answers.labels[k], answers.predicted[k]))
    probability = percent(float(answers.probability[k]))
    if true == said:
        return gettext("{true}: {probability}", true=true, probability=probability)
    return gettext("{true} as {predicted}: {probability}", true=true, predicted=said, probability=probability)
