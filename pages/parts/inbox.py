"""The image inbox: what a visitor uploaded, read by the chosen networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.datasets.rendered import render
from core.errors import ImageError
from core.images.digits import Glyph
from core.images.grid import grid, png
from core.inference.classifier import Classifier
from core.inference.reading import Answer, Prepared, answer, prepare

TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "avif"]
EXAMPLE = "2026"


@dataclass(frozen=True)
class File:
    """A file's name and content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Read:
    """A picture with each network's answers, in the order of the networks."""

    prepared: Prepared
    answers: list[list[Answer]]


def uploads() -> list[File]:
    """What the visitor uploaded, or the example that they asked for."""
    uploaded = st.file_uploader("Pictures", TYPES, accept_multiple_files=True, key="pictures")
    if uploaded:
        st.session_state["example"] = False
        return [File(file.name, file.getvalue()) for file in uploaded]
    return [File("example.png", _example())] if st.session_state.get("example") else []


def invitation() -> None:
    """What stands where no picture is yet."""
    st.markdown(
        "Write a digit on paper, photograph it, and drop the file above. "
        "The app finds the ink, cuts out each digit and shows you the 28×28 pixels that the networks get."
    )
    if st.button("Try an example", icon=":material/image:"):
        st.session_state["example"] = True
        st.rerun()


def read_all(files: Sequence[File], readers: Sequence[Classifier]) -> tuple[list[Read], list[str]]:
    """The pictures that could be read, and a sentence for each that could not."""
    read, failed = [], []
    bar = st.progress(0.0, "Reading") if len(files) > 1 else None
    for i, file in enumerate(files):
        try:
            prepared = _prepare(file.content, file.name)
            read.append(Read(prepared, [answer(prepared, reader) for reader in readers]))
        except ImageError as error:
            failed.append(str(error))
        if bar:
            bar.progress((i + 1) / len(files), f"Reading {i + 1} of {len(files)}")
    if bar:
        bar.empty()
    return read, failed


def pick(read: Sequence[Read], titles: Sequence[str]) -> Read:
    """The picture to look at: the only one, or the row chosen in a table of all."""
    if len(read) == 1:
        return read[0]
    rows = [
        {"File": r.prepared.name} | {t: as_text(a) for t, a in zip(titles, r.answers, strict=True)}
        for r in read
    ]
    table = st.dataframe(
        rows, hide_index=True, key="table", on_select="rerun", selection_mode="single-row", alt="All readings"
    )
    st.caption("Choose a row to look at its picture.")
    rows_chosen = table.selection.rows
    return read[rows_chosen[0]] if rows_chosen and rows_chosen[0] < len(read) else read[0]


def pick_glyph(glyphs: Sequence[Glyph]) -> int:
    """The place of the digit to look at."""
    if len(glyphs) == 1:
        return 0
    return st.segmented_control(
        "Digit",
        range(len(glyphs)),
        default=0,
        required=True,
        format_func=lambda i: f"{i + 1}",
        key="glyph",
    )


def steps(prepared: Prepared) -> None:
    """The road from the file to the networks, as a strip of pictures."""
    shown = prepared.reading.steps
    for column, step in zip(st.columns(max(3, len(shown))), shown, strict=False):
        column.image(step.image, caption=step.title, alt=step.title, width="stretch")


def as_text(answers: Sequence[Answer]) -> str:
    """The reading as text, lines apart."""
    lines: dict[int, str] = {}
    for given in answers:
        lines[given.glyph.line] = lines.get(given.glyph.line, "") + given.label
    return " / ".join(lines.values()) or "–"


@st.cache_data(max_entries=32, show_spinner=False)
def _prepare(content: bytes, name: str) -> Prepared:
    return prepare(content, name)


@st.cache_data(show_spinner=False)
def _example() -> bytes:
    """A year in this project's own hand, as dark ink on paper."""
    digits = render(np.array([int(digit) for digit in EXAMPLE]), seed=4)
    paper = grid(255 - digits, columns=len(EXAMPLE), gap=0, scale=4)
    return png(paper)
