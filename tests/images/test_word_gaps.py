from __future__ import annotations

import pytest

from core.images.word_gaps import starts_of_words


def _line(gaps: list[int], *, wide: int = 60, top: int = 0) -> list[tuple[int, int, int, int]]:
    """Return boxes 100 pixels high in a row, with these gaps between them."""
    boxes, left = [(0, top, wide, top + 100)], wide
    for gap in gaps:
        boxes.append((left + gap, top, left + gap + wide, top + 100))
        left += gap + wide
    return boxes


@pytest.mark.parametrize(
    ("gaps", "starts"),
    [
        ([20, 25, 15, 20, 70, 20, 20], [5]),  # HELLO YOU
        ([20, 20, 20, 20], []),
        ([14, 16, 12, 15, 39, 14, 13], [5]),  # printed in a narrow typeface
        ([30, 63, 30, 25, 30], []),  # one wide gap among letters written by hand
        ([38, 15, 17, 23, 15], []),  # a wide letter first, as in SUMMER
        ([70, 65, 75, 70], []),  # spaced out evenly
        ([30, 90, 30, 90, 30], [2, 4]),
        ([-5, 10, 60], [3]),  # touching in one column, then a gap
        ([80], [1]),
        ([40], []),
        ([], []),
    ],
)
def test_a_wide_gap_starts_a_word(gaps, starts):
    boxes = _line(gaps)
    found = starts_of_words(boxes, [0] * len(boxes))
    assert [i for i, value in enumerate(found) if value] == starts


def test_lines_are_looked_at_one_by_one_and_begin_no_word():
    boxes = [*_line([20, 80]), *_line([20, 20], top=200)]
    assert starts_of_words(boxes, [0, 0, 0, 1, 1, 1]) == [False, False, True, False, False, False]


def test_no_boxes_have_no_words():
    assert starts_of_words([], []) == []
