"""Answers of the networks to one picture: readings, ranked probabilities, and reasons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.contract.architectures import ENSEMBLE
from core.contract.preprocessing import GLYPH
from core.figures.classification import NetworkAnswer, ranked_probabilities
from core.images.components import RULING
from core.images.encode import data_url
from core.inference.classifier import Classifier
from core.inference.picture_reading import (
    LIKELY,
    Answer,
    Prepared,
    Verdict,
    answer_left_out,
    as_text,
    ensemble,
    probability_of_all,
)
from core.inference.word_classifier import WordClassifier
from core.language import gettext, percent
from pages.parts.classify import explanation, picture_input, robustness, things, verdicts
from pages.parts.classify.sections import scale_of, section_key
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.model_picker import network_title
from pages.parts.shared.picture_urls import enlarged
from pages.parts.shared.still_chart import still_chart
from pages.parts.shared.tables import Cell, arrow_table

MAX_METRIC = 16  # characters that a metric shows on a phone
Task = Sequence[tuple[Classifier, list[Answer]]]


@dataclass(frozen=True)
class _Column:
    """Answers of one network, or of all networks together."""

    title: str
    family: str
    answers: list[Answer]
    complete: float = 1.0  # probability that no mark left out is a digit

    @property
    def least_probable(self) -> Answer:
        return min(self.answers, key=lambda given: given.probability)


def show(task: Task, prepared: Prepared) -> None:
    """Show the answers of networks that tell the same classes apart to a picture."""
    readers = [reader for reader, _ in task]
    glyphs = [given.glyph for given in task[0][1]]
    if not glyphs and st.session_state.get("source") == "draw":
        st.info(gettext("Go on drawing: there is no whole digit yet."), icon=":material/draw:")
        return
    if not glyphs:
        st.info(
            gettext(
                "Nothing to read was found in this picture. Dark ink on light paper, or light ink on dark "
                "paper, works best."
            ),
            icon=":material/search_off:",
        )
        return
    classes = readers[0].card.classes
    key = section_key(readers[0].card)
    columns = _columns(task, prepared)
    _show_readings(columns)
    if len(glyphs) > 1:
        _show_each_glyph(columns, key)
    place = picture_input.pick_glyph(len(glyphs), key)
    ranked = [NetworkAnswer(c.title, c.family, c.answers[place].probabilities) for c in columns]
    pixels = glyphs[place].pixels
    picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    height, width = pixels.shape[:2]
    picture.image(
        enlarged(pixels, scale_of(pixels)),
        caption=gettext("The {width}×{height} pixels that the networks get", width=width, height=height),
        alt=gettext("The prepared picture"),
    )
    still_chart(
        ranked_probabilities(ranked, classes),
        key=f"answers {key}",
        alt=gettext("Ranked probabilities of each network"),
        place=figure,
    )
    if isinstance(readers[0], WordClassifier):
        things.show_exact_names(columns[0].answers[place], readers[0])
    explanation.show(pixels, readers, ranked[0].probabilities)
    robustness.show(pixels, readers)


def _columns(task: Task, prepared: Prepared) -> list[_Column]:
    """Return each network's answers and, where there are several networks, those of all together."""
    columns = [
        _Column(
            network_title(reader.card.title), reader.card.family, given, _complete(reader, given, prepared)
        )
        for reader, given in task
    ]
    if len(task) > 1:
        readers, answers = zip(*task, strict=True)
        complete = sum(column.complete for column in columns) / len(columns)
        columns.append(_Column(network_title(ENSEMBLE), ENSEMBLE, ensemble(readers, answers), complete))
    return columns


def _complete(reader: Classifier, given: list[Answer], prepared: Prepared) -> float:
    """Return the probability of a network that no mark left out is a digit."""
    marks = [mark for mark in prepared.reading.left_out if mark.kind != RULING]
    if not marks or not given or reader.card.preprocessing.kind != GLYPH:
        return 1.0
    certain = [replace(each, probability=1.0) for each in given]
    return probability_of_all(certain, prepared, answer_left_out(prepared, reader))


def _show_readings(columns: Sequence[_Column]) -> None:
    """Show what each network reads, side by side."""
    if any(len(as_text(column.answers)) > MAX_METRIC for column in columns):
        _show_long_readings(columns)
        return
    with st.container(horizontal=True):
        for column in columns:
            st.metric(
                escape_markdown(column.title),
                escape_markdown(as_text(column.answers)),
                border=True,
                delta=_summary(column),
                delta_color="off",
                delta_arrow="off",
                help=verdicts.explanation(column.least_probable.verdict, column.family),
            )


def _show_long_readings(columns: Sequence[_Column]) -> None:
    """Show the readings of a page line by line, to copy: a metric would cut them off."""
    for place, column in zip(st.columns(len(columns)), columns, strict=True):
        help = verdicts.explanation(column.least_probable.verdict, column.family)
        place.markdown(escape_markdown(column.title), help=help)
        place.code("\n".join(as_text(column.answers).split(" / ")), language=None, wrap_lines=True)
        place.caption(_summary(column))


def _show_each_glyph(columns: Sequence[_Column], key: str) -> None:
    """Show a table of all glyphs: each network's answer and its probability, the ensemble's first."""
    last_first = [(len(columns) - 1, columns[-1]), *enumerate(columns[:-1])]
    rows: list[dict[str, Cell]] = []
    for i, glyph in enumerate(given.glyph for given in columns[0].answers):
        row: dict[str, Cell] = {"number": i + 1, "pixels": data_url(glyph.pixels), "line": glyph.line + 1}
        for k, column in last_first:
            given = column.answers[i]
            row[f"answer {k}"] = "?" if given.verdict is Verdict.UNKNOWN else given.label
            row[f"probability {k}"] = given.probability
        rows.append(row)
    settings: dict[str, Any] = {
        "number": gettext("Glyph"),
        "pixels": st.column_config.ImageColumn(gettext("Pixels"), width="small"),
        "line": gettext("Line"),
    }
    for k, column in last_first:
        settings[f"answer {k}"] = column.title
        settings[f"probability {k}"] = st.column_config.ProgressColumn(
            gettext("{network}: probability", network=column.title),
            format="percent",
            min_value=0,
            max_value=1,
        )
    with st.expander(gettext("Each glyph"), icon=":material/pin:", expanded=True, key=f"each {key}"):
        st.dataframe(
            arrow_table(rows),
            lazy=False,
            hide_index=True,
            column_config=settings,
            height=220,
            key=f"glyphs {key}",
            alt=gettext("The answers to each glyph"),
        )


def _summary(column: _Column) -> str:
    """Return the probability of a reading in words; of several glyphs, the lowest one."""
    least = column.least_probable
    if column.complete < min(least.probability, LIKELY):
        return gettext("perhaps a digit was left out")
    if len(column.answers) == 1:
        return verdicts.with_probability(least.verdict, least.probability, column.family)
    doubtful = sum(given.verdict is not Verdict.READ for given in column.answers)
    if doubtful:
        return gettext("low probability: {doubtful} of {count}", doubtful=doubtful, count=len(column.answers))
    lowest = min(least.probability, column.complete)
    rounded_down = min(math.floor(lowest * 1000) / 1000, 0.999)
    return gettext("each above {p}", p=percent(rounded_down))
