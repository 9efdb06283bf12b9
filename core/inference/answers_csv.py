"""Write answers as a CSV file, one line for each glyph and network."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.inference.picture_reading import Answer
from core.spreadsheets import plain_cell

COLUMNS = (
    "file", "kind", "model", "glyph", "line", "left", "top", "right", "bottom", "label", "probability",
    "verdict",
)  # fmt: skip


def answers_csv(answered: Iterable[tuple[str, str, str, Sequence[Answer]]]) -> bytes:
    """Return the file for each picture's name and kind with a network's name and its answers.

    Boxes are in pixels of the original picture.
    """
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for file, kind, model, answers in answered:
        for number, given in enumerate(answers, 1):
            place = (number, given.glyph.line + 1, *given.glyph.box)
            read = (plain_cell(given.label), round(given.probability, 6), given.verdict.value)
            lines.writerow((plain_cell(file), kind, plain_cell(model), *place, *read))
    return text.getvalue().encode()
