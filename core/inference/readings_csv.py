"""Write readings as a CSV file for a teacher: one line for each glyph, beside what was expected."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.inference.labelled_answers import is_right
from core.inference.picture_reading import Answer, Verdict, as_text
from core.spreadsheets import plain_cell

PICTURE = ("file", "kind", "expected", "read", "correct")
GLYPH = ("glyph", "line", "left", "top", "right", "bottom", "answer", "probability", "verdict", "look_alike")
MOST_CLASSES = 64  # of one kind of picture that have a column each; a thousand things have none


@dataclass(frozen=True)
class ReportedPicture:
    """A picture with what was read in it."""

    file: str
    kind: str
    expected: str | None  # what is in it, if that is known
    together: Sequence[Answer]  # of all networks
    by_network: Mapping[str, Sequence[Answer]]  # of each, by its name
    classes: Sequence[str]  # that the networks know
    left_out: int  # marks that were left out


def readings_csv(pictures: Sequence[ReportedPicture]) -> bytes:
    """Return the file, with a column for each network and for the probability of each class.

    A picture without a glyph has one line. Boxes are in pixels of the original picture; "correct" is 1 or 0,
    and empty where nothing is expected.
    """
    networks = list(dict.fromkeys(name for one in pictures for name in one.by_network))
    classes = list(dict.fromkeys(name for one in pictures for name in _columns_of(one)))
    text = io.StringIO()
    lines = csv.writer(text)
    readings = [plain_cell(f"read by {name}") for name in networks]
    probabilities = [plain_cell(f"p({name})") for name in classes]
    lines.writerow((*PICTURE, *readings, *GLYPH, "left_out", *probabilities))
    for one in pictures:
        first = _of_picture(one, networks)
        for number, given in enumerate(one.together, 1):
            lines.writerow((*first, *_of_glyph(number, given), one.left_out, *_by_class(one, given, classes)))
        if not one.together:
            lines.writerow((*first, *[""] * len(GLYPH), one.left_out, *[""] * len(classes)))
    return text.getvalue().encode()


def _columns_of(picture: ReportedPicture) -> Sequence[str]:
    return picture.classes if len(picture.classes) <= MOST_CLASSES else ()


def _of_picture(picture: ReportedPicture, networks: Sequence[str]) -> list[str | int]:
    read, expected = as_text(picture.together), picture.expected
    correct = "" if expected is None else int(is_right(read, expected))
    by_network = [plain_cell(as_text(picture.by_network.get(name, ()))) for name in networks]
    texts = [plain_cell(text) for text in (picture.file, picture.kind, expected or "", read)]
    return [*texts, correct, *by_network]


def _of_glyph(number: int, given: Answer) -> tuple[str | int | float, ...]:
    label = "?" if given.verdict is Verdict.UNKNOWN else given.label
    place = (number, given.glyph.line + 1, *given.glyph.box)
    doubt = (given.verdict.value, given.look_alike or "")
    return (*place, plain_cell(label), round(given.probability, 6), *doubt)


def _by_class(picture: ReportedPicture, given: Answer, classes: Sequence[str]) -> list[float | str]:
    known = dict(zip(_columns_of(picture), given.probabilities, strict=False))
    return [round(float(known[name]), 6) if name in known else "" for name in classes]
