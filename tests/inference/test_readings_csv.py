from __future__ import annotations

import csv
import io

import numpy as np

from core.images.digits import Glyph
from core.inference.picture_reading import Answer, Verdict
from core.inference.readings_csv import MOST_CLASSES, ReportedPicture, readings_csv

GLYPH = Glyph(np.zeros((28, 28), np.uint8), (1, 2, 3, 4), 0)


def _read(label: str, *probabilities: float, verdict: Verdict = Verdict.READ) -> Answer:
    return Answer(GLYPH, label, max(probabilities), np.array(probabilities), verdict)


def _lines(*pictures: ReportedPicture) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(readings_csv(pictures).decode())))


def test_each_glyph_has_a_line_with_everything_a_teacher_asks() -> None:
    answers = [_read("4", 0.1, 0.9), _read("2", 0.6, 0.4, verdict=Verdict.UNKNOWN)]
    picture = ReportedPicture("=cmd.png", "digit", "42", answers, {"cnn": answers}, ("2", "4"), 3)

    first, second = _lines(picture)

    assert first == {
        "file": "'=cmd.png", "kind": "digit", "expected": "42", "read": "4?", "correct": "0",
        "read by cnn": "4?",
        "glyph": "1", "line": "1", "left": "1", "top": "2", "right": "3", "bottom": "4", "answer": "4",
        "probability": "0.9", "verdict": "read", "look_alike": "",
        "left_out": "3", "p(2)": "0.1", "p(4)": "0.9",
    }  # fmt: skip
    assert (second["glyph"], second["answer"], second["verdict"]) == ("2", "?", "unknown")


def test_pictures_of_several_kinds_and_without_a_glyph_are_in_one_file() -> None:
    things = [f"thing {k}" for k in range(MOST_CLASSES + 1)]
    photograph = ReportedPicture("cat.jpg", "thing", None, [_read("thing 0", 1.0)], {"net": []}, things, 0)
    nothing = ReportedPicture("empty.png", "digit", "7", [], {"cnn": []}, ("2", "7"), 1)

    first, second = _lines(photograph, nothing)

    assert first["correct"] == first["p(7)"] == ""
    assert "p(thing 0)" not in first
    assert (second["read"], second["correct"], second["glyph"], second["left_out"]) == ("–", "0", "", "1")
