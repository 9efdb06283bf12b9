from __future__ import annotations

import numpy as np

from core.contract.dataset_info import DIGITS
from core.images.digits import Glyph
from core.inference.labelled_answers import accuracy, cells, classes_in, counts, is_right
from core.inference.picture_reading import Answer, Verdict

GLYPH = Glyph(np.zeros((28, 28), np.uint8), (0, 0, 28, 28), 0)


def _read(text: str) -> list[Answer]:
    return [Answer(GLYPH, label, 0.9, np.array([0.9]), Verdict.READ) for label in text]


def test_only_a_reading_equal_to_the_label_is_correct() -> None:
    assert accuracy(["4", "7", "2"], [_read("4"), _read("77"), _read("3")]) == 1 / 3


def test_spaces_lines_and_case_do_not_make_a_reading_wrong() -> None:
    assert is_right("HELLO / YOU", "hello you")
    assert not is_right("12", "21")


def test_of_many_classes_those_that_occur_are_named() -> None:
    assert classes_in(["4", "1"], [_read("7"), _read("11")]) == ["4", "7"]


def test_pictures_with_one_glyph_are_in_the_confusion_matrix() -> None:
    found = cells(["4", "7", "4", "77"], [_read("7"), _read("77"), _read("7"), _read("7")], DIGITS)

    assert found == {(4, 7): [0, 2]}
    assert counts(found, 10).sum() == counts(found, 10)[4, 7] == 2
