"""Answers of the networks to one picture: readings, the chosen glyph, and sections that say more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.classification import NetworkAnswer, ranked_probabilities
from core.images.decode import Picture
from core.images.encode import data_url
from core.inference.picture_reading import Verdict, as_text
from core.inference.word_classifier import WordClassifier
from core.language import gettext, percent
from pages.parts.classify import boxed_picture, explanation, robustness, things, verdicts
from pages.parts.classify.marked_reading import doubtful_lines, marked
from pages.parts.classify.sections import scale_of, section_key
from pages.parts.classify.told import Column, Told, summary
from pages.parts.components.answer_bars import answer_bars
from pages.parts.components.canvas import GO_ON, NOT_YET
from pages.parts.components.chart import chart
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.picture_urls import enlarged
from pages.parts.shared.tables import Cell, arrow_table

MAX_METRIC = 16  # characters that a metric shows on a phone
BARS = 3  # likeliest classes of the chosen glyph
SMALL = 112  # pixels of the chosen glyph beside them
LONG_TABLE = 12  # rows; a longer table is scrolled


@dataclass(frozen=True)
class Places:
    """Places of a picture, of what is read in it, and of the chosen glyph."""

    picture: DeltaGenerator
    readings: DeltaGenerator
    glyph: DeltaGenerator


def arrange(picture: Picture, is_drawn: bool) -> Places:
    """Return the places: the picture first; a wide one above what is read in it, others beside it.

    A drawing is on its board already, so what is read comes first.
    """
    if is_drawn:
        said, seen = st.container(), st.container()
        return Places(seen, said, said)
    if boxed_picture.is_wide(picture):
        seen = st.container()
        readings, glyph = st.columns(2, gap="medium")
        return Places(seen, readings, glyph)
    seen, said = st.columns([3, 2], gap="medium")
    return Places(seen, said, said)


def show(tasks: Sequence[Told], places: Places, is_drawn: bool) -> None:
    """Show what each network reads, and the answer to the chosen glyph."""
    found = [one for one in tasks if one.answers]
    with places.readings:
        if len(found) < len(tasks):
            _show_nothing_found(is_drawn)
        for one in found:
            _show_readings(one.columns, is_drawn)
    with places.glyph:
        if found:
            boxed_picture.pick_glyph(max(len(one.answers) for one in found))
        for one in found:
            _show_glyph(one)


def show_sections(tasks: Sequence[Told]) -> None:
    """Show sections to open: what there is to say of the chosen glyph, and of all."""
    for one in tasks:
        if not one.answers:
            continue
        place = boxed_picture.chosen(len(one.answers))
        pixels = one.answers[place].glyph.pixels
        _show_each_network(one, place)
        if len(one.answers) > 1:
            _show_each_glyph(one.columns, section_key(one.card))
        explanation.show(pixels, one.readers, one.columns[0].answers[place].probabilities)
        robustness.show(pixels, one.readers)


def _show_nothing_found(is_drawn: bool) -> None:
    if is_drawn:
        st.info(gettext(GO_ON), icon=":material/draw:")
        return
    st.info(
        gettext(
            "Nothing to read was found in this picture. Dark ink on light paper, or light ink on dark "
            "paper, works best."
        ),
        icon=":material/search_off:",
    )


def _show_readings(columns: Sequence[Column], is_drawn: bool) -> None:
    """Show what all networks together read, and each of them; of a page, the networks have a section.

    Strokes that none of them can read may be the beginning of a drawing, for which a bare "?" is no answer.
    """
    *others, together = columns
    if is_drawn and all(column.is_unread for column in columns):
        st.info(gettext(NOT_YET), icon=":material/draw:")
        return
    if _is_long(columns):
        _show_lines(together)
        return
    _show_reading(together)
    if others:
        with st.container(horizontal=True):
            for column in others:
                _show_reading(column)


def _is_long(columns: Sequence[Column]) -> bool:
    return any(len(as_text(column.answers)) > MAX_METRIC for column in columns)


def _show_reading(column: Column) -> None:
    st.metric(
        escape_markdown(column.title),
        marked(column.answers),
        border=True,
        delta=summary(column),
        delta_color="off",
        delta_arrow="off",
        help=verdicts.explanation(column.least_probable.verdict, column.family),
    )


def _show_lines(column: Column) -> None:
    """Show the reading of a page line by line, to copy: a metric would cut it off."""
    help = verdicts.explanation(column.least_probable.verdict, column.family)
    st.markdown(escape_markdown(column.title), help=help)
    st.code("\n".join(as_text(column.answers).split(" / ")), language=None, wrap_lines=True)
    st.caption(summary(column))
    doubtful = doubtful_lines(column.answers)
    if doubtful:
        st.markdown(gettext("Doubtful lines:") + "  \n" + "  \n".join(doubtful))


def _show_glyph(told: Told) -> None:
    """Show the pixels of the chosen glyph beside its likeliest classes."""
    place = boxed_picture.chosen(len(told.answers))
    given, classes = told.answers[place], told.card.classes
    likeliest = given.probabilities.argsort()[::-1][:BARS].tolist()
    key = section_key(told.card)
    with st.container(horizontal=True, vertical_alignment="center"):
        pixels = given.glyph.pixels
        image = enlarged(pixels, max(1, SMALL // pixels.shape[0]))
        st.image(image, alt=gettext("The prepared picture"), width=SMALL)
        with st.container(width="stretch"):
            answer_bars(
                [classes[k] for k in likeliest],
                [float(given.probabilities[k]) for k in likeliest],
                key=f"bars {key}",
                pale=given.verdict is Verdict.UNKNOWN,
            )
    if isinstance(told.readers[0], WordClassifier):
        things.show_exact_names(told.columns[0].answers[place], told.readers[0])


def _show_each_network(told: Told, glyph: int) -> None:
    """Show a section with a glyph's pixels and each network's probabilities; of a page, their readings."""
    key = section_key(told.card)
    section = st.expander(
        gettext("Each network"), icon=":material/bar_chart:", on_change="rerun", key=f"each network {key}"
    )
    if not section.open:
        return
    ranked = [NetworkAnswer(c.title, c.family, c.answers[glyph].probabilities) for c in told.columns]
    pixels = told.answers[glyph].glyph.pixels
    others = told.columns[:-1] if _is_long(told.columns) else []
    with section:
        for place, column in zip(st.columns(len(others)) if others else [], others, strict=True):
            with place:
                _show_lines(column)
        picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    height, width = pixels.shape[:2]
    picture.image(
        enlarged(pixels, scale_of(pixels)),
        caption=gettext("The {width}×{height} pixels that the networks get", width=width, height=height),
        alt=gettext("The pixels that the networks get"),
    )
    with figure:
        chart(
            ranked_probabilities(ranked, told.card.classes),
            key=f"answers {key}",
            alt=gettext("Ranked probabilities of each network"),
        )


def _show_each_glyph(columns: Sequence[Column], key: str) -> None:
    """Show a section with a table of all glyphs: each network's answer and its probability."""
    section = st.expander(
        gettext("Each glyph"), icon=":material/pin:", on_change="rerun", key=f"each glyph {key}"
    )
    if not section.open:
        return
    last_first = [(len(columns) - 1, columns[-1]), *enumerate(columns[:-1])]
    rows: list[dict[str, Cell]] = []
    for i, glyph in enumerate(given.glyph for given in columns[0].answers):
        row: dict[str, Cell] = {"number": i + 1, "pixels": data_url(glyph.pixels), "line": glyph.line + 1}
        for k, column in last_first:
            given = column.answers[i]
            row[f"answer {k}"] = "?" if given.verdict is Verdict.UNKNOWN else given.label
            row[f"probability {k}"] = percent(given.probability)
        rows.append(row)
    settings: dict[str, Any] = {
        "number": gettext("Glyph"),
        "pixels": st.column_config.ImageColumn(gettext("Pixels"), width="small"),
        "line": gettext("Line"),
    }
    for k, column in last_first:
        settings[f"answer {k}"] = column.title
        settings[f"probability {k}"] = gettext("{network}: probability", network=column.title)
    with section:
        st.dataframe(
            arrow_table(rows),
            lazy=False,
            hide_index=True,
            column_config=settings,
            height="auto" if len(rows) < LONG_TABLE else 420,
            key=f"glyphs {key}",
            alt=gettext("The answers to each glyph"),
        )
