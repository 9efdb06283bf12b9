from __future__ import annotations

import csv
import io

import numpy as np

from core.images.digits import Glyph
from core.inference.answers_csv import COLUMNS, answers_csv
from core.inference.picture_reading import Answer, Verdict


def test_each_glyph_is_a_line_and_no_name_is_a_formula() -> None:
    glyph = Glyph(np.zeros((28, 28), np.uint8), (1, 2, 3, 4), 0)
    answers = [Answer(glyph, "7", 0.98765432, np.array([1.0]), Verdict.READ)] * 2

    header, *lines = csv.reader(io.StringIO(answers_csv([("=cmd.png", "digit", "cnn", answers)]).decode()))

    assert tuple(header) == COLUMNS
    assert lines == [
        ["'=cmd.png", "digit", "cnn", number, "1", "1", "2", "3", "4", "7", "0.987654", "read"]
        for number in ("1", "2")
    ]
