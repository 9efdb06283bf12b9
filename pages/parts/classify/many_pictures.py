"""Many pictures at once, ZIP files included: each read, all in one table.

Of a picture its row keeps the answers and a thumbnail; the picture itself is decoded again when it is looked
at. So a thousand photographs need no more memory than one. A file is read once, whatever else is brought.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageOps
from streamlit.delta_generator import DeltaGenerator

from core.errors import ImageError
from core.figures.classification import confusion_matrix
from core.images.archive import Member, members
from core.inference.classifier import Classifier
from core.inference.file_name_labels import label_in
from core.inference.picture_reading import Answer, Prepared, answer, as_text, ensemble
from pages.parts.classify import preparation
from pages.parts.classify.verdicts import in_short
from pages.parts.shared.confusion_cells import Cell, pick_cell
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.uploads import File

THUMBNAIL = 72  # pixels
MOST_COMPLAINTS = 5  # shown one by one; the others are counted
COLUMNS = (
    "file", "model", "glyph", "line", "left", "top", "right", "bottom", "label", "probability", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What is kept of a picture, or the sentence that says why it could not be read."""

    place: tuple[str, int]  # the key of its file, and its number within that
    name: str
    error: str = ""
    thumbnail: str = ""  # a data URL
    answers: tuple[list[Answer], ...] = ()  # in the order of the networks


def read_new(files: Sequence[File], readers: Sequence[Classifier]) -> DeltaGenerator:
    """Reads what of a batch these networks have not read yet; gives the place for the answers.

    While it reads, nothing of the old answers stands there.
    """
    asked = tuple((str(reader.bundle.folder), id(reader)) for reader in readers)
    kept, rows, whole = st.session_state.get("batch", (None, {}, set()))
    keys = {file.key for file in files} if kept == asked else set()
    rows, whole = {key: rows[key] for key in rows if key in keys}, whole & keys
    st.session_state["batch"] = (asked, rows, whole)  # filled below: a run that is cut off loses nothing
    new = [file for file in files if file.key not in whole]
    if not new or _is_single(files):
        return st.container()
    place = st.empty()
    bar = place.progress(0.0, "Reading")
    for i, brought in enumerate(new):
        found = rows.setdefault(brought.key, [])
        for member in islice(_pictures(brought), len(found), None):
            bar.progress((i + member.share) / len(new), f"Reading {escape_markdown(member.name)}")
            found.append(_row((brought.key, len(found)), member, readers))
        whole.add(brought.key)
    return place.container()


def _is_single(files: Sequence[File]) -> bool:
    """Whether they are one picture, which needs no table."""
    return len(files) == 1 and not files[0].is_archive


def chosen(files: Sequence[File], readers: Sequence[Classifier]) -> File | None:
    """The picture to look at: the only one, or the one picked from the table; None if none can be read."""
    if _is_single(files):
        return files[0]
    _, read, _ = st.session_state["batch"]
    rows = [row for file in files for row in read[file.key]]
    complaints(rows)
    good = [row for row in rows if not row.error]
    if not good:
        return None
    return file(files, pick(good, readers) if len(good) > 1 else good[0])


def file(files: Sequence[File], row: Row) -> File:
    """The picture of a row."""
    key, number = row.place
    brought = next(file for file in files if file.key == key)
    if not brought.is_archive:
        return brought
    return File(row.name, f"{key} {number}", lambda: next(islice(_pictures(brought), number, None)).content)


def complaints(rows: Sequence[Row]) -> None:
    """A sentence for each file that could not be read; the first few, where there are many."""
    failed = [row for row in rows if row.error]
    for row in failed[:MOST_COMPLAINTS]:
        st.error(escape_markdown(row.error), icon=":material/error:")
    if len(failed) > MOST_COMPLAINTS:
        st.caption(f"{len(failed) - MOST_COMPLAINTS:,} more files could not be read.")
    if not rows:
        st.info("There is no picture in the ZIP file.", icon=":material/folder_off:")


def pick(rows: Sequence[Row], readers: Sequence[Classifier]) -> Row:
    """The table of all readings; gives the row that was clicked, at first the topmost."""
    rows = _compared(rows, readers)
    table = st.dataframe(
        [_cells(row, readers) for row in rows],
        hide_index=True,
        key="table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Picture": st.column_config.ImageColumn(width="small"),
            "Sure": st.column_config.NumberColumn(
                format="percent", help="Of its least sure digit, all networks together"
            ),
        },
        row_height=48,
        alt="All readings",
    )
    words, button = st.columns([3, 1], vertical_alignment="center")
    words.caption("Choose a row to look at its picture.")
    button.download_button(
        "CSV",
        as_csv(rows, readers),
        "readings.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    chosen = table.selection.rows
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else rows[0]


def _compared(rows: Sequence[Row], readers: Sequence[Classifier]) -> Sequence[Row]:
    """Where names say classes: accuracies, and a matrix; gives the clicked cell's rows, else all."""
    classes = readers[0].card.classes
    labels = {row.place: label for row in rows if (label := label_in(row.name, classes)) is not None}
    if not labels or any(reader.card.classes != classes for reader in readers):
        return rows
    judged = [(row, _judged(row, readers)) for row in rows if row.place in labels]
    right = dict.fromkeys(judged[0][1], 0)
    cells: dict[Cell, list[Row]] = {}
    *_, last = right
    for row, said in judged:
        for title, answers in said.items():
            right[title] += as_text(answers) == labels[row.place]
        if len(said[last]) == 1:
            cell = (classes.index(labels[row.place]), classes.index(said[last][0].label))
            cells.setdefault(cell, []).append(row)
    shares = ", ".join(f"{title} {count / len(judged):.1%}" for title, count in right.items())
    st.markdown(f"Accuracy by the names of files and folders, of {len(judged):,} pictures: {shares}")
    with st.expander("Confusion matrix", icon=":material/grid_on:", key="matrix", on_change="rerun"):
        return _of_cell(cells, classes, last) or rows


def _of_cell(cells: dict[Cell, list[Row]], classes: Sequence[str], reader: str) -> list[Row]:
    """Draws the matrix of what a reader says; gives the rows of the cell that is asked for, none of all."""
    counts = np.zeros((len(classes), len(classes)), int)
    for cell, inside in cells.items():
        counts[cell] = len(inside)
    clicked = st.plotly_chart(
        confusion_matrix(counts, classes),
        key="confusion",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Confusion matrix of the batch",
    )
    st.caption(f"Pictures with one digit: what their names say, and what {reader} reads.")
    picked = pick_cell(clicked, counts, classes, whole="All pictures", key="batch cell")
    return cells[picked] if picked else []


def _judged(row: Row, readers: Sequence[Classifier]) -> dict[str, list[Answer]]:
    """The answers by title, those of all together last where there are several networks."""
    said = {reader.card.title: answers for reader, answers in zip(readers, row.answers, strict=True)}
    if len(readers) > 1:
        said["Together"] = ensemble(readers, list(row.answers))
    return said


def as_csv(rows: Sequence[Row], readers: Sequence[Classifier]) -> bytes:
    """One line a glyph and network: file, box in the original's pixels, class, probability, verdict."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for row in rows:
        for reader, answers in zip(readers, row.answers, strict=True):
            for number, given in enumerate(answers, 1):
                place = (_harmless(row.name), reader.bundle.name, number, given.glyph.line + 1)
                said = (given.label, round(given.probability, 6), given.verdict.value)
                lines.writerow((*place, *given.glyph.box, *said))
    return text.getvalue().encode()


def _harmless(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return "'" + name if name.startswith(("=", "+", "-", "@")) else name


def _pictures(brought: File) -> Iterator[Member]:
    """The picture that a file is, or those in it if it is an archive, one at a time."""
    if not brought.is_archive:
        yield Member(brought.name, brought.content)
        return
    try:
        yield from members(brought.content, brought.name)
    except ImageError as error:
        yield Member(brought.name, error=str(error))


def _row(place: tuple[str, int], member: Member, readers: Sequence[Classifier]) -> Row:
    if member.error:
        return Row(place, member.name, member.error)
    try:
        prepared = preparation.prepared_once(member.content, member.name)
    except ImageError as error:
        return Row(place, member.name, str(error))
    answers = tuple(answer(prepared, reader) for reader in readers)
    return Row(place, member.name, thumbnail=_thumbnail(prepared), answers=answers)


def _thumbnail(prepared: Prepared) -> str:
    image = prepared.picture.image
    red, green, blue = np.asarray(image).mean(axis=(0, 1)).astype(int).tolist()
    # the table would cut off a wide picture
    small = ImageOps.pad(image, (THUMBNAIL, THUMBNAIL), Image.Resampling.HAMMING, color=(red, green, blue))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _cells(row: Row, readers: Sequence[Classifier]) -> dict[str, Any]:
    cells: dict[str, Any] = {"Picture": row.thumbnail, "File": row.name}
    for reader, answers in zip(readers, row.answers, strict=True):
        cells[reader.card.title] = as_text(answers)
    all_together = _together(row, readers)
    if len(readers) > 1 and all_together is not None:
        cells["Together"] = as_text(all_together)
    judged = all_together if all_together is not None else row.answers[0]
    worst = min(judged, key=lambda given: given.probability, default=None)
    cells["Digits"] = len(judged)
    cells["Sure"] = worst.probability if worst else None
    cells["Verdict"] = in_short(worst.verdict, readers[0].card.classes) if worst else "no digit found"
    return cells


def _together(row: Row, readers: Sequence[Classifier]) -> list[Answer] | None:
    """The ensemble's answers, where all networks tell the same classes apart."""
    if len({reader.card.classes for reader in readers}) != 1:
        return None
    return ensemble(readers, list(row.answers))
