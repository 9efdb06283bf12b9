from __future__ import annotations

import numpy as np
import pytest

from core.images.digits import Glyph
from core.inference.picture_reading import Answer, Verdict
from pages.parts.classify.marked_reading import doubtful_lines, marked
from pages.parts.shared.error_messages import escape_markdown

READ, UNSURE, UNKNOWN = Verdict.READ, Verdict.UNSURE, Verdict.UNKNOWN


def _answers(*given: tuple[str, Verdict, int]) -> list[Answer]:
    pixels = np.zeros((28, 28), np.uint8)
    return [
        Answer(Glyph(pixels, (0, 0, 1, 1), line), label, 0.9, np.ones(1), verdict)
        for label, verdict, line in given
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([("3", READ, 0), ("7", UNSURE, 0), ("4", READ, 0)], "3:orange[**7**]4"),
        ([("3", READ, 0), ("9", UNKNOWN, 0)], r"3:red[**\?**]"),
        ([("1", READ, 0), ("1", UNSURE, 1)], r"1 \/ :orange[**1**]"),
        ([("**cat**", UNSURE, 0)], f":orange[**{escape_markdown('**cat**')}**]"),
    ],
)
def test_doubtful_answers_are_marked_and_strangers_words_are_no_markdown(
    given: list[tuple[str, Verdict, int]], expected: str
) -> None:
    assert marked(_answers(*given)) == expected


def test_only_lines_with_a_doubtful_answer_are_named() -> None:
    answers = _answers(("1", READ, 0), ("2", READ, 1), ("3", UNSURE, 1))

    assert doubtful_lines(answers) == ["2: 2:orange[**3**]"]
