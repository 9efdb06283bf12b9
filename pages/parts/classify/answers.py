"""What the networks answer to one picture: readings, ranked probabilities, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.figures.classification import NetworkAnswer, ranked_probabilities
from core.inference.classifier import Classifier
from core.inference.picture_reading import Answer, Verdict, as_text, ensemble
from pages.parts.classify import explanation, picture_input, robustness
from pages.parts.classify.verdicts import with_probability
from pages.parts.shared.picture_urls import data_url, enlarged

ONE_LINE = 16  # characters that a metric shows on a phone
Task = Sequence[tuple[Classifier, list[Answer]]]
HELP = {
    Verdict.READ: "As sure as of nearly all the digits that it was tried on.",
    Verdict.UNSURE: "Less sure than of 98 in 100 of the images that it was tried on; look for yourself.",
    Verdict.UNKNOWN: "No class is likelier than the others together: it looks like nothing that it knows.",
}


def show(task: Task) -> None:
    """The answers of networks that tell the same classes apart."""
    readers = [reader for reader, _ in task]
    glyphs = [given.glyph for given in task[0][1]]
    if not glyphs:
        st.info(
            "No digit was found: dark ink on light paper, or the reverse, reads best.",
            icon=":material/search_off:",
        )
        return
    everyone = _with_ensemble(task)
    _readings(everyone, readers[0].card.classes)
    if len(glyphs) > 1:
        _each(everyone, ",".join(readers[0].card.classes))
    place = picture_input.pick_glyph(len(glyphs))
    opinions = [NetworkAnswer(title, family, given[place].probabilities) for title, family, given in everyone]
    pixels = glyphs[place].pixels
    picture, figure = st.columns([1, 2], gap="medium", vertical_alignment="center")
    height, width = pixels.shape[:2]
    picture.image(
        enlarged(pixels, 9),
        caption=f"{width}×{height} pixels: all that the networks get",
        alt="The prepared picture",
    )
    figure.plotly_chart(
        ranked_probabilities(opinions, readers[0].card.classes),
        key="answers " + ",".join(readers[0].card.classes),
        config={"displayModeBar": False},
        alt="Ranked probabilities of each network",
    )
    explanation.show(pixels, readers, int(opinions[0].probabilities.argmax()))
    robustness.show(pixels, readers)


def _with_ensemble(task: Task) -> list[tuple[str, str, list[Answer]]]:
    """Title, family and answers of each network and, where there are several, of all together."""
    everyone = [(reader.card.title, reader.card.family, given) for reader, given in task]
    if len(task) > 1:
        readers, answers = zip(*task, strict=True)
        everyone.append(("Together", "ensemble", ensemble(readers, answers)))
    return everyone


def _readings(everyone: Sequence[tuple[str, str, list[Answer]]], classes: Sequence[str]) -> None:
    """What each reads, side by side."""
    if any(len(as_text(answers)) > ONE_LINE for *_, answers in everyone):
        _long_readings(everyone, classes)
        return
    with st.container(horizontal=True):
        for title, _, answers in everyone:
            st.metric(
                title,
                as_text(answers),
                border=True,
                delta=_certainty(answers, classes),
                delta_color="off",
                delta_arrow="off",
                help=_explained(answers),
            )


def _long_readings(everyone: Sequence[tuple[str, str, list[Answer]]], classes: Sequence[str]) -> None:
    """The same of a page, line by line and to copy: a metric would cut it off."""
    for column, (title, _, answers) in zip(st.columns(len(everyone)), everyone, strict=True):
        column.markdown(title, help=_explained(answers))
        column.code("\n".join(as_text(answers).split(" / ")), language=None, wrap_lines=True)
        column.caption(_certainty(answers, classes))


def _explained(answers: Sequence[Answer]) -> str:
    return HELP[min(answers, key=lambda given: given.probability).verdict]


def _each(everyone: Sequence[tuple[str, str, list[Answer]]], key: str) -> None:
    """Every digit with what each reads it as, and how sure it is."""
    last_first = [everyone[-1], *everyone[:-1]]
    rows = []
    for i, glyph in enumerate(given.glyph for given in everyone[0][2]):
        row: dict[str, Any] = {"Digit": i + 1, "Pixels": data_url(glyph.pixels), "Line": glyph.line + 1}
        for title, _, answers in last_first:
            row[title] = "?" if answers[i].verdict is Verdict.UNKNOWN else answers[i].label
            row[f"{title}, sure"] = answers[i].probability
        rows.append(row)
    columns: dict[str, Any] = {"Pixels": st.column_config.ImageColumn(width="small")}
    columns |= {
        f"{title}, sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
        for title, _, _ in everyone
    }
    with st.expander("Each digit", icon=":material/pin:", expanded=True, key=f"each {key}"):
        st.dataframe(
            rows, hide_index=True, column_config=columns, height=220, key=f"digits {key}", alt="Each digit"
        )


def _certainty(answers: Sequence[Answer], classes: Sequence[str]) -> str:
    """How sure a reading is, in words: of its least sure digit where there are several."""
    worst = min(answers, key=lambda given: given.probability)
    if len(answers) == 1:
        return with_probability(worst.verdict, worst.probability, classes)
    doubtful = sum(given.verdict is not Verdict.READ for given in answers)
    if doubtful:
        return f"not sure of {doubtful} of {len(answers)}"
    return f"each more than {math.floor(worst.probability * 1000) / 10:.1f}% sure"
