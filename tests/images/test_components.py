"""Pieces of ink that make one glyph, pieces that make none, and the order of glyphs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.components import (
    EDGE,
    FAINT,
    MAX_MARKS,
    RULING,
    SPECK,
    Piece,
    as_one_glyph,
    find_glyphs,
    in_fewer_pixels,
)
from core.images.ink import Ink

Rectangle = tuple[int, int, int, int]  # left, top, right, bottom


def drawn(*rectangles: Rectangle, size: tuple[int, int] = (300, 400)) -> np.ndarray:
    mask = np.zeros(size, bool)
    for left, top, right, bottom in rectangles:
        mask[top:bottom, left:right] = True
    return mask


def found(mask: np.ndarray, faint: np.ndarray | None = None) -> list[Piece]:
    """Return the glyphs of a mask with ink of one contrast, except where ``faint`` is true."""
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    if faint is not None:
        contrast[faint] = 0.2
    return find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast))).glyphs


def boxes(mask: np.ndarray) -> list[Rectangle]:
    return [piece.box for piece in found(mask)]


def test_separate_strokes_are_glyphs_from_left_to_right() -> None:
    first, second, third = (30, 100, 42, 180), (100, 104, 112, 184), (170, 96, 182, 176)
    assert boxes(drawn(third, first, second)) == [first, second, third]


def test_two_complete_digits_side_by_side_are_never_joined() -> None:
    assert len(boxes(drawn((100, 100, 112, 180), (124, 100, 136, 180)))) == 2


def test_digits_close_to_a_thick_box_that_was_removed_are_glyphs() -> None:
    outer, inner = drawn((100, 100, 190, 160)), drawn((108, 108, 182, 152))
    digits = drawn((110, 110, 118, 150), (118, 142, 140, 150), (150, 112, 158, 150))
    all_ink = digits | (outer & ~inner)
    contrast = np.where(all_ink, 0.8, 0.0).astype(np.float32)
    ink = Ink(contrast, contrast / 0.8, all_ink, 255 * (1 - contrast))
    assert [piece.box for piece in find_glyphs(digits, ink).glyphs] == [
        (110, 110, 140, 150),
        (150, 112, 158, 150),
    ]


def test_a_broken_stroke_is_one_glyph() -> None:
    (box,) = boxes(drawn((100, 100, 112, 150), (100, 154, 112, 184)))
    assert box == (100, 100, 112, 184)


def test_a_top_bar_beside_a_five_is_part_of_it() -> None:
    body, bar = (100, 110, 140, 190), (138, 100, 172, 112)
    (piece,) = found(drawn(body, bar))
    assert piece.box == (100, 100, 172, 190)
    assert piece.mask.sum() == drawn(body, bar).sum()


def test_a_top_bar_high_above_a_five_is_part_of_it() -> None:
    body, bar = (100, 120, 150, 200), (142, 88, 190, 98)
    assert boxes(drawn(body, bar)) == [(100, 88, 190, 200)]


def test_an_underline_is_not_the_top_bar_of_a_digit_below() -> None:
    first, second = (100, 20, 112, 100), (100, 140, 112, 220)
    underline = (60, 118, 200, 122)
    assert boxes(drawn(first, underline, second)) == [first, second]


@pytest.mark.parametrize("gap", [2, 12, 30])
def test_a_line_under_a_number_is_part_of_no_digit(gap: int) -> None:
    digits = [(100 + 60 * i, 100, 140 + 60 * i, 160) for i in range(4)]
    assert boxes(drawn(*digits, (80, 160 + gap, 350, 165 + gap))) == digits


def test_a_short_line_under_one_digit_is_no_part_of_it() -> None:
    digit = (100, 100, 140, 160)
    assert boxes(drawn(digit, (98, 166, 142, 171))) == [digit]


def test_specks_and_dashes_are_not_glyphs() -> None:
    digit = (100, 100, 112, 180)
    assert boxes(drawn(digit, (200, 120, 203, 123), (240, 138, 300, 142))) == [digit]


def test_a_tall_straight_1_by_the_finest_pen_is_a_glyph() -> None:
    one = (100, 20, 108, 260)  # as the drawing canvas gives it
    assert boxes(drawn(one)) == [one]


def test_the_edge_of_a_sheet_is_not_a_glyph() -> None:
    digit = (100, 100, 112, 180)
    assert boxes(drawn(digit, (0, 0, 6, 300))) == [digit]


@pytest.mark.parametrize("tone", [0.0, 20.0])
def test_a_strip_of_the_table_beside_a_sheet_is_not_a_glyph(tone: float) -> None:
    digit, strip = (100, 100, 112, 180), (200, 90, 208, 190)
    mask = drawn(digit, strip)
    grey = np.where(mask | drawn((0, 0, 10, 300), (208, 0, 400, 300)), tone, 200.0).astype(np.float32)
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    glyphs = find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, grey)).glyphs
    assert [piece.box for piece in glyphs] == [digit]


def test_the_remainder_of_a_cut_off_neighbour_is_not_a_glyph() -> None:
    digit, remainder = (100, 100, 140, 180), (0, 120, 10, 160)
    assert boxes(drawn(digit, remainder)) == [digit]


def test_a_digit_that_runs_to_the_edge_is_a_glyph_beside_another() -> None:
    assert len(boxes(drawn((0, 100, 40, 112), (28, 100, 40, 180), (90, 100, 102, 180)))) == 2


def test_ink_much_fainter_than_the_rest_is_not_a_glyph() -> None:
    digit, ghost = (100, 100, 112, 180), (200, 100, 212, 180)
    mask = drawn(digit, ghost)
    assert [piece.box for piece in found(mask, faint=drawn(ghost))] == [digit]


def test_a_paler_digit_like_the_others_is_a_glyph() -> None:
    digits = [(100 + 60 * i, 100, 112 + 60 * i, 180) for i in range(3)]
    mask = drawn(*digits[:2])
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    contrast[drawn(digits[2])] = 0.32
    ink = Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast), faintest=0.05)
    assert [piece.box for piece in find_glyphs(mask, ink).glyphs] == digits


def test_a_pale_digit_out_of_focus_is_a_glyph_and_the_shadow_of_one_is_not() -> None:
    digits = [(100 + 60 * i, 100, 112 + 60 * i, 180) for i in range(3)]
    for strength, count in ((0.62, 3), (0.35, 2)):
        contrast = np.where(drawn(*digits[:2]), 0.8, 0.0).astype(np.float32)
        blurred = cv2.GaussianBlur(drawn(digits[2]).astype(np.float32), (0, 0), 8)
        contrast += strength * 0.8 * blurred
        mask = contrast > 0.4
        ink = Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast), faintest=0.05)
        assert len(find_glyphs(mask, ink).glyphs) == count


def test_what_is_left_out_is_kept_with_its_kind() -> None:
    digit, ghost, dash = (100, 100, 112, 180), (200, 100, 212, 180), (240, 138, 260, 146)
    cut_off = (0, 120, 10, 160)
    mask = drawn(digit, ghost, dash, cut_off)
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    contrast[drawn(ghost)] = 0.2
    ruling = drawn((20, 250, 380, 252))
    ink = Ink(contrast, contrast / 0.8, mask | ruling, 255 * (1 - contrast))
    left_out = {piece.box: kind for kind, piece in find_glyphs(mask, ink).left_out}
    assert left_out == {ghost: FAINT, dash: SPECK, cut_off: EDGE, (20, 250, 380, 252): RULING}


def test_a_removed_line_shorter_than_the_digits_is_listed() -> None:
    digit, short, crumb = (100, 100, 150, 200), (100, 60, 160, 63), (200, 60, 215, 63)
    mask = drawn(digit)
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    ink = Ink(contrast, contrast / 0.8, mask | drawn(short, crumb), 255 * (1 - contrast))
    reading = find_glyphs(mask, ink)
    assert [(kind, piece.box) for kind, piece in reading.left_out] == [(RULING, short)]


@pytest.mark.parametrize("part", [None, (220, 100, 232, 160)])
def test_a_paler_digit_of_which_the_mask_has_a_part_is_one_glyph(part: Rectangle | None) -> None:
    digits = [(100 + 60 * i, 100, 112 + 60 * i, 180) for i in range(3)]
    mask = drawn(*digits[:2], *([part] if part else []))
    contrast = np.where(drawn(*digits), 0.8, 0.0).astype(np.float32)
    contrast[drawn(digits[2])] = 0.32
    reading = find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast), faintest=0.05))
    assert [piece.box[0] for piece in reading.glyphs] == [100, 160, 220]
    assert reading.left_out == []


def test_pale_ink_that_is_unlike_the_glyphs_is_listed() -> None:
    digits, below = [(100 + 60 * i, 60, 112 + 60 * i, 140) for i in range(3)], (160, 200, 172, 280)
    mask = drawn(*digits)
    contrast = np.where(mask, 0.8, 0.0).astype(np.float32)
    contrast[drawn(below)] = 0.2
    reading = find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast), faintest=0.05))
    assert [piece.box for piece in reading.glyphs] == digits
    assert [(kind, piece.box) for kind, piece in reading.left_out] == [(FAINT, below)]


def test_specks_and_marks_beyond_those_listed_are_counted_but_not_noise() -> None:
    digits = [(40 + 100 * i, 20, 70 + 100 * i, 180) for i in range(5)]
    places = [(40 + 80 * column, 240 + 60 * row) for row in range(3) for column in range(8)]
    marks = [(left, top, left + 40, top + 10) for left, top in places]
    dots = [(40 + 40 * i, 440, 52 + 40 * i, 452) for i in range(5)]
    noise = [(40 + 40 * i, 480, 43 + 40 * i, 483) for i in range(9)]
    mask = drawn(*digits, *marks, *dots, *noise, size=(500, 720))
    contrast = 0.8 * mask.astype(np.float32)
    reading = find_glyphs(mask, Ink(contrast, contrast / 0.8, mask, 255 * (1 - contrast)))
    assert [piece.box for piece in reading.glyphs] == digits
    assert len(reading.left_out) == MAX_MARKS
    assert reading.specks == len(dots) + len(marks) - MAX_MARKS


def test_lines_are_read_from_top_to_bottom_even_if_they_slope() -> None:
    upper = [(40 + 60 * i, 40 + 4 * i, 52 + 60 * i, 100 + 4 * i) for i in range(5)]
    lower = [(40 + 60 * i, 160 + 4 * i, 52 + 60 * i, 220 + 4 * i) for i in range(5)]
    pieces = found(drawn(*lower, *upper))
    assert [piece.box for piece in pieces] == upper + lower
    assert [piece.line for piece in pieces] == [0] * 5 + [1] * 5


def test_a_mask_without_ink_has_no_glyph() -> None:
    empty = np.zeros((40, 50), bool)
    assert found(empty) == []
    assert as_one_glyph(empty) == []


def test_one_glyph_of_all_ink_has_the_box_around_it() -> None:
    (piece,) = as_one_glyph(drawn((10, 20, 15, 30), (40, 5, 44, 9)))
    assert piece.box == (10, 5, 44, 30)
    assert piece.mask.sum() == 5 * 10 + 4 * 4


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31 - 1), height=st.integers(1, 80), width=st.integers(1, 80))
def test_glyphs_of_any_mask_consist_of_its_ink(share: float, seed: int, height: int, width: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    for left, top, right, bottom in (piece.box for piece in found(mask)):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    for piece in found(mask):
        left, top, right, bottom = piece.box
        assert piece.mask.any()
        assert not (piece.mask & ~mask[top:bottom, left:right]).any()


def test_digits_of_a_row_that_lies_on_its_side_are_not_parts_of_one_glyph() -> None:
    column = [(100, top, 150, top + 36) for top in (60, 102, 144, 186)]
    holes = [(left + 6, top + 6, right - 6, bottom - 6) for left, top, right, bottom in column]
    assert boxes(drawn(*column) & ~drawn(*holes)) == column


@pytest.mark.parametrize("place", [(x, y) for x in range(3) for y in range(3)])
@pytest.mark.parametrize("side", [250, 450])
def test_a_large_piece_has_the_same_pixels_in_a_picture_with_fewer(place: tuple[int, int], side: int) -> None:
    left, top = place
    mask = np.random.default_rng(side).random((side, side - 100)) < 0.5
    whole = np.zeros((top + mask.shape[0], left + mask.shape[1]), bool)  # it ends at the picture's edges
    whole[top:, left:] = mask
    piece = Piece((left, top, whole.shape[1], whole.shape[0]), mask)

    small, grey = in_fewer_pixels(piece, whole)

    x, y, right, bottom = small.box
    np.testing.assert_array_equal(grey[y:bottom, x:right], small.mask)
    assert grey.shape < whole.shape
