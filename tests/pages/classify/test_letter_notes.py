from __future__ import annotations

import numpy as np

from core.images.digits import Glyph
from core.inference.picture_reading import Answer, Verdict
from pages.parts.classify.letter_notes import MAX_DOUBTS, doubtful, taken_for


def _answers(text: str, doubts: str = "") -> list[Answer]:
    """Return answers that read as a text; ``doubts`` has the look-alike of each sign, or a dot."""
    signs = text.replace(" ", "")
    starts = [text[: text.index(sign)].endswith(" ") for sign in signs]
    return [
        Answer(
            Glyph(np.zeros((28, 28), np.uint8), (0, 0, 1, 1), 0, starts_word=start),
            sign,
            0.9,
            np.array([1.0]),
            Verdict.READ,
            look_alike=None if other == "." else other,
        )
        for sign, start, other in zip(signs, starts, doubts or "." * len(signs), strict=True)
    ]


def test_runs_of_letters_and_digits_are_told_apart_with_their_spaces():
    letters, digits = taken_for(_answers("HI YOU 42"))
    assert letters.endswith("HI YOU")
    assert digits.endswith("42")


def test_a_glyph_that_may_be_another_is_named_with_its_number():
    (only,) = doubtful(_answers("HEO", "..0"))
    assert all(part in only for part in ("3", "O", "0"))
    assert doubtful(_answers("HE")) == []


def test_of_a_page_of_doubts_the_first_are_named():
    many = _answers("O", "0") * (MAX_DOUBTS + 1)
    assert doubtful(many)[MAX_DOUBTS:] == ["…"]
