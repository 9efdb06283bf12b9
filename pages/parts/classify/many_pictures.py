"""Many pictures at once, ZIP files included: each is read, all stand in one table.

Of a picture its row keeps the answers and a thumbnail; the picture itself is decoded again when it is looked
at. So a thousand photographs need no more memory than one. A file is read once, whatever else is brought.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageOps
from streamlit.delta_generator import DeltaGenerator

from core.contract.architectures import ENSEMBLE
from core.errors import ImageError
from core.images.encode import data_url
from core.inference.classifier import Classifier
from core.inference.labelled_answers import accuracy, cells, classes_in, counts
from core.inference.picture_reading import Answer, Prepared, answer, as_text, ensemble
from core.inference.readings_csv import ReportedPicture, readings_csv
from core.language import counted_percent, gettext, join, ngettext
from core.messages import Message
from pages.parts.classify import true_answers, verdicts
from pages.parts.classify.reading_choice import TITLES, Networks
from pages.parts.shared import preparation
from pages.parts.shared.confusion_cells import draw_matrix, pick_cell
from pages.parts.shared.error_messages import escape_markdown, sentence
from pages.parts.shared.file_download import download_button
from pages.parts.shared.model_picker import network_title
from pages.parts.shared.tables import Cell, arrow_table
from pages.parts.shared.uploads import File

THUMBNAIL = 72  # pixels
NAME_START, NAME_END = 5, 10  # characters of a long file name, so that a phone shows the answers beside it
MOST_PERCENT = 99.9  # that the table says: no answer is certain
LOOKED_AT = "looked at"  # in the session's state: the place of the picture to look at
SEEN = "seen files"  # in the session's state: keys of the files that were brought before
MATRIX_CLASSES = 40  # of a confusion matrix; of more, those that occur
MAX_ERRORS = 5  # shown one by one; the others are counted


@dataclass(frozen=True)
class Row:
    """Answers and thumbnail of a picture, or the error that says why it could not be read."""

    place: tuple[str, int]  # the key of its file, and its number within that
    name: str
    error: Message | None = None
    kind: str = ""  # of picture, which its networks know
    thumbnail: str = ""  # a data URL
    answers: tuple[list[Answer], ...] = ()  # in the order of the networks
    left_out: int = 0  # marks


def read_new(files: Sequence[File], networks: Networks, place: DeltaGenerator, rest: DeltaGenerator) -> None:
    """Read those of the files that these networks have not read yet.

    Meanwhile ``place`` shows the progress, and ``rest`` nothing: both replace the first element of their
    place, which is all of it, so no old answer stays.
    """
    asked = networks.identity
    kept, rows, whole = st.session_state.get("batch", (None, {}, set()))
    keys = {file.key for file in files} if kept == asked else set()
    rows, whole = {key: rows[key] for key in rows if key in keys}, whole & keys
    st.session_state["batch"] = (asked, rows, whole)  # filled below: a run that is cut off loses nothing
    new = [file for file in files if file.key not in whole]
    if not new or is_single(files):
        return
    rest.empty()
    bar = place.progress(0.0, gettext("Reading"))
    for i, brought in enumerate(new):
        found = rows.setdefault(brought.key, [])
        pictures, error = _pictures(brought)
        if error and not found:
            found.append(Row((brought.key, 0), brought.name, error))
        for picture in pictures[len(found) :]:
            bar.progress(
                (i + (len(found) + 1) / len(pictures)) / len(new),
                gettext("Reading {file}", file=escape_markdown(picture.name)),
            )
            found.append(_row((brought.key, len(found)), picture, networks))
        whole.add(brought.key)
    bar.empty()


def is_single(files: Sequence[File]) -> bool:
    """Return whether the files are one picture at most, which needs no table."""
    return not files or (len(files) == 1 and not files[0].is_archive)


def kinds(files: Sequence[File]) -> list[str]:
    """Return the kinds of the pictures that were read, the most frequent first."""
    return _frequent_kinds([row for row in _rows(files) if not row.error])


def pick_picture(files: Sequence[File], networks: Networks) -> File | None:
    """Return the picture to look at: the newest, or one chosen from the table; None if all are bad."""
    new = [file.key for file in files if file.key not in st.session_state.get(SEEN, ())]
    st.session_state[SEEN] = {file.key for file in files}
    if is_single(files):
        return files[0]
    if networks.corrected:
        _correct(files, networks)
    rows = _rows(files)
    _show_errors(rows, {file.key for file in files if file.is_archive})
    good = [row for row in rows if not row.error]
    if not good:
        return None
    newest = next((row.place for key in reversed(new) for row in good if row.place[0] == key), None)
    if newest:
        st.session_state[LOOKED_AT] = newest
    return _file(files, _pick_row(good, networks) if len(good) > 1 else good[0])


def _rows(files: Sequence[File]) -> list[Row]:
    _, read, _ = st.session_state["batch"]
    return [row for file in files for row in read[file.key]]


def _correct(files: Sequence[File], networks: Networks) -> None:
    """Read those pictures again of which the visitor says that they are of another kind."""
    _, read, _ = st.session_state["batch"]
    for rows in read.values():
        for i, row in enumerate(rows):
            if not row.error:
                file = _file(files, row)
                if networks.corrected.get(file.key, row.kind) != row.kind:
                    rows[i] = _row(row.place, file, networks)


def _frequent_kinds(rows: Sequence[Row]) -> list[str]:
    return [kind for kind, _ in Counter(row.kind for row in rows).most_common()]


def _file(files: Sequence[File], row: Row) -> File:
    """Return the picture of a row."""
    key, number = row.place
    brought = next(file for file in files if file.key == key)
    if not brought.is_archive:
        return brought
    return brought.member(number, row.name)


def _show_errors(rows: Sequence[Row], archives: Set[str]) -> None:
    """Show a sentence for each file that could not be read; the first few, if there are many.

    A ZIP file often holds others than pictures, such as a readme: these are counted and named.
    """
    others = [row for row in rows if row.place[0] in archives and _is_no_picture(row)]
    if others:
        names = escape_markdown(join(row.name for row in others[:MAX_ERRORS]))
        st.caption(
            ngettext(
                "{count:,} file in the ZIP file is no picture and was left out: {names}",
                "{count:,} files in the ZIP file are no pictures and were left out, such as {names}",
                len(others),
                names=names,
            )
        )
    failed = [row.error for row in rows if row.error and row not in others]
    for error in failed[:MAX_ERRORS]:
        st.error(sentence(error), icon=":material/error:")
    if len(failed) > MAX_ERRORS:
        st.caption(
            ngettext(
                "{count:,} more file could not be read.",
                "{count:,} more files could not be read.",
                len(failed) - MAX_ERRORS,
            )
        )
    if not rows:
        st.info(gettext("There is no picture in the ZIP file."), icon=":material/folder_off:")


def _is_no_picture(row: Row) -> bool:
    return row.error is not None and row.error.key == "images.not_a_picture"


def _pick_row(rows: Sequence[Row], networks: Networks) -> Row:
    """Show the table of all readings; return the row of the picture to look at, which is marked."""
    first, *others = _frequent_kinds(rows)
    readers = networks.readers(first)
    rows = _compare(rows, first, networks)
    places = [row.place for row in rows]
    looked_at = st.session_state.get(LOOKED_AT)
    chosen = places.index(looked_at) if looked_at in places else 0
    st.session_state["table"] = {"selection": {"rows": [chosen]}}
    st.dataframe(
        arrow_table([_cells(row, networks.readers(row.kind), is_mixed=bool(others)) for row in rows]),
        lazy=False,
        hide_index=True,
        key="table",
        on_select=lambda: _look_at(places),
        selection_mode="single-row",
        column_config=_column_config([] if others else readers),
        row_height=48,
        alt=gettext("All readings"),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(gettext("Choose a row to look at its picture."), width="content")
        download_button(
            gettext("Download CSV"),
            lambda: readings_csv([_reported(row, networks) for row in rows]),
            "readings.csv",
            "text/csv",
            key="download readings",
        )
    return rows[chosen]


def _reported(row: Row, networks: Networks) -> ReportedPicture:
    """Return a row as the CSV file has it."""
    readers = networks.readers(row.kind)
    return ReportedPicture(
        row.name,
        row.kind,
        true_answers.of(row.place, row.name, readers[0].card.classes if readers else ()),
        _together(row, readers),
        {reader.bundle.name: given for reader, given in zip(readers, row.answers, strict=True)},
        readers[0].card.classes if readers else (),
        row.left_out,
    )


def _together(row: Row, readers: Sequence[Classifier]) -> list[Answer]:
    """Return the answers of all networks, if they tell the same classes apart, else those of the first."""
    if len({reader.card.task for reader in readers}) == 1:
        return ensemble(readers, row.answers)
    return row.answers[0] if row.answers else []


def _look_at(places: Sequence[tuple[str, int]]) -> None:
    """Look at the row that was clicked; the rows are pictures in these places."""
    chosen = st.session_state["table"].selection.rows
    if chosen and chosen[0] < len(places):
        st.session_state[LOOKED_AT] = places[chosen[0]]


def _column_config(readers: Sequence[Classifier]) -> dict[str, Any]:
    """Return the titles of the table's columns by id; without networks, those for several kinds."""
    return {
        "picture": st.column_config.ImageColumn(gettext("Picture"), width="small"),
        "file": gettext("File"),
        "together": network_title(ENSEMBLE) if readers else gettext("Answer"),
        **{f"answer {k}": network_title(reader.card.title) for k, reader in enumerate(readers)},
        "kind": gettext("Read as"),
        "glyphs": gettext("Glyphs"),
        "probability": st.column_config.NumberColumn(
            gettext("Probability (%)"),
            format="%.1f",
            help=gettext("Lowest probability among the glyphs, all networks combined"),
        ),
        "verdict": gettext("Verdict"),
    }


def _compare(rows: Sequence[Row], kind: str, networks: Networks) -> Sequence[Row]:
    """Compare the answers with what is in the pictures, by their names or as the visitor says.

    Return the rows to show in the table. Where something is known, show accuracies and a confusion matrix; a
    click on a cell leaves its rows. A picture that was taken for another kind counts as wrong.
    """
    readers = networks.readers(kind)
    if not readers or any(reader.card.task != readers[0].card.task for reader in readers):
        return rows
    classes = readers[0].card.classes
    read = [as_text(_together(row, networks.readers(row.kind))) for row in rows]
    true_answers.edit([(row.place, row.name, text) for row, text in zip(rows, read, strict=True)], classes)
    found = [(row, true_answers.of(row.place, row.name, classes)) for row in rows]
    labelled = [(row, label) for row, label in found if label is not None]
    if not labelled:
        return rows
    labels = [label for _, label in labelled]
    given = [row.answers if row.kind == kind else ([],) * len(readers) for row, _ in labelled]
    titled = _titled_answers(given, readers)
    shares = join(
        gettext(
            "{title} {accuracy}",
            title=escape_markdown(title),
            accuracy=counted_percent(accuracy(labels, answers)),
        )
        for title, answers in titled
    )
    st.markdown(
        ngettext(
            "Accuracy on {count:,} picture of which the true answer is known: {shares}",
            "Accuracy on {count:,} pictures of which the true answers are known: {shares}",
            len(labelled),
            shares=shares,
        )
    )
    section = st.expander(
        gettext("Confusion matrix"), icon=":material/grid_on:", key="matrix", on_change="rerun"
    )
    title, answers = titled[-1]
    with section:
        chosen = _pick_places(labels, answers, classes, title)
    return [labelled[place][0] for place in chosen] or rows


def _pick_places(
    labels: Sequence[str], answers: Sequence[list[Answer]], classes: Sequence[str], title: str
) -> list[int]:
    """Draw the confusion matrix; return the places of the pictures in the chosen cell, none without one."""
    if len(classes) > MATRIX_CLASSES:  # a square for each pair of a thousand things would stop the browser
        classes = classes_in(labels, answers)[:MATRIX_CLASSES]
    places = cells(labels, answers, classes)
    matrix = counts(places, len(classes))
    draw_matrix(
        matrix,
        classes,
        key="confusion",
        alt=gettext("Confusion matrix of these pictures"),
        list_key="batch cell",
    )
    st.caption(
        gettext(
            "Pictures with one glyph: its true class, and what {network} reads.",
            network=escape_markdown(title),
        )
    )
    picked = pick_cell(matrix, classes, whole=gettext("All pictures"), key="batch cell")
    return places[picked] if picked else []


def _titled_answers(
    given: Sequence[tuple[list[Answer], ...]], readers: Sequence[Classifier]
) -> list[tuple[str, list[list[Answer]]]]:
    """Return each network's title and answers to all pictures; of several networks, last those together.

    ``given`` are the networks' answers to each picture.
    """
    titled = [
        (network_title(reader.card.title), [answers[k] for answers in given])
        for k, reader in enumerate(readers)
    ]
    if len(readers) > 1:
        titled.append((network_title(ENSEMBLE), [ensemble(readers, answers) for answers in given]))
    return titled


def _pictures(brought: File) -> tuple[list[File], Message | None]:
    """Return the picture that a file is, or those in it if it is an archive; and why it cannot be opened."""
    if not brought.is_archive:
        return [brought], None
    try:
        return preparation.members(brought), None
    except ImageError as error:
        return [], error.message


def _row(place: tuple[str, int], picture: File, networks: Networks) -> Row:
    try:
        prepared, kind = networks.prepare(picture, preparation.prepared_once)
    except ImageError as error:
        return Row(place, picture.name, error.message)
    answers = tuple(answer(prepared, reader) for reader in networks.readers(kind))
    left_out = len(prepared.reading.left_out) + prepared.reading.specks
    return Row(place, picture.name, None, kind, _thumbnail(prepared), answers, left_out)


def _short(name: str) -> str:
    """Return a file's name without the middle if it is long; its end tells numbered pictures apart."""
    return name if len(name) <= NAME_START + NAME_END + 1 else f"{name[:NAME_START]}…{name[-NAME_END:]}"


def _thumbnail(prepared: Prepared) -> str:
    image = prepared.picture.image
    red, green, blue = np.asarray(image).mean(axis=(0, 1)).astype(int).tolist()
    # The table would cut off a wide picture.
    small = ImageOps.pad(image, (THUMBNAIL, THUMBNAIL), Image.Resampling.HAMMING, color=(red, green, blue))
    return data_url(small, jpeg=True)


def _cells(row: Row, readers: Sequence[Classifier], *, is_mixed: bool) -> dict[str, Cell]:
    """Return a line of the table by the ids of its columns.

    Beside pictures of other kinds, which other networks read, it has one answer for all its networks.
    """
    line: dict[str, Cell] = {"picture": row.thumbnail, "file": _short(row.name)}
    combined = _together(row, readers)
    is_one_task = len({reader.card.task for reader in readers}) == 1
    if is_mixed or (is_one_task and len(readers) > 1):
        line["together"] = as_text(combined)  # first of the answers: a phone shows no more of them
    if not is_mixed:
        line |= {f"answer {k}": as_text(answers) for k, answers in enumerate(row.answers)}
    line["kind"] = gettext(TITLES[row.kind])
    least = min(combined, key=lambda given: given.probability, default=None)
    line["glyphs"] = len(combined)
    line["probability"] = min(MOST_PERCENT, math.floor(1000 * least.probability) / 10) if least else None
    line["verdict"] = (
        verdicts.label(least.verdict, readers[0].card.family) if least else gettext("nothing to read")
    )
    return line
