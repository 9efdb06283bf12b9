from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.images.components import SEPARATOR, find_glyphs
from core.images.ink import Ink

Point = tuple[int, int]


def kinds_between_zeros(stroke: tuple[Point, Point], *, one: tuple[Point, Point] | None = None) -> list[str]:
    """Return the kinds of what is left out of two 0s with a stroke between them, and a 1 after them."""
    sheet = np.zeros((130, 300), np.uint8)
    for x in (60, 160):
        cv2.ellipse(sheet, (x, 65), (16, 30), 0, 0, 360, 1, 5)
    for start, end in filter(None, (stroke, one)):
        cv2.line(sheet, start, end, 1, 5)
    mask = sheet.astype(bool)
    contrast = 0.8 * mask.astype(np.float32)
    return [
        kind
        for kind, _ in find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast))).left_out
    ]


def test_a_long_slash_between_two_digits_is_left_out_as_one() -> None:
    assert kinds_between_zeros(((98, 106), (122, 24)), one=((220, 36), (220, 94))) == [SEPARATOR]


@pytest.mark.parametrize(
    "stroke",
    [((110, 24), (110, 106)), ((100, 92), (120, 38)), ((98, 92), (122, 24)), ((98, 24), (122, 106))],
    ids=["upright", "short", "long at one end", "leaning to the left"],
)
def test_other_straight_strokes_between_digits_are_glyphs(stroke: tuple[Point, Point]) -> None:
    assert kinds_between_zeros(stroke) == []


def test_a_long_1_that_leans_like_another_as_long_is_a_glyph() -> None:
    assert kinds_between_zeros(((98, 106), (122, 24)), one=((210, 104), (233, 26))) == []


def test_a_slash_with_digits_on_one_side_only_is_a_glyph() -> None:
    assert kinds_between_zeros(((218, 106), (242, 24))) == []
