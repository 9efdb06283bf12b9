from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from core.images.frames import connected, without_frames


def rectangle(mask: np.ndarray, box: tuple[int, int, int, int], width: int) -> None:
    cv2.rectangle(mask, box[:2], box[2:], 1, width)


@pytest.mark.parametrize("width", [3, 8])
def test_a_digit_that_touches_a_box_stays_when_the_box_goes(width: int) -> None:
    frame, digits = np.zeros((2, 140, 400), np.uint8)
    rectangle(frame, (20, 20, 380, 110), width)
    cv2.line(digits, (80, 40), (80, 109), 1, 7)  # touches the lower line
    cv2.ellipse(digits, (200, 65), (20, 30), 0, 0, 360, 1, 7)
    cv2.line(digits, (300, 35), (300, 95), 1, 7)
    kept = without_frames(connected((frame | digits).astype(bool))).mask
    assert not kept[:, 320:].any()
    assert (kept & digits.astype(bool)).sum() > 0.9 * digits.sum()


@pytest.mark.parametrize("places", [(290,), (90, 300)])
def test_1s_from_line_to_line_of_a_box_stay(places: tuple[int, ...]) -> None:
    frame, digits = np.zeros((2, 140, 400), np.uint8)
    rectangle(frame, (20, 20, 380, 110), 8)
    for x in places:
        cv2.line(digits, (x, 20), (x, 110), 1, 8)
    cv2.ellipse(digits, (200, 65), (20, 30), 0, 0, 360, 1, 8)
    kept = without_frames(connected((frame | digits).astype(bool))).mask
    assert (kept & digits.astype(bool)).sum() > 0.8 * digits.sum()


def test_a_line_that_divides_a_box_evenly_is_removed() -> None:
    frame, digit = np.zeros((2, 140, 400), np.uint8)
    rectangle(frame, (20, 20, 380, 110), 8)
    cv2.line(frame, (200, 20), (200, 110), 1, 8)
    cv2.ellipse(digit, (290, 65), (20, 30), 0, 0, 360, 1, 8)
    kept = without_frames(connected((frame | digit).astype(bool))).mask
    assert not kept[:, :250].any()


def test_the_separators_of_turned_cells_are_removed() -> None:
    cells, digits = np.zeros((2, 120, 460), np.uint8)
    rectangle(cells, (20, 20, 440, 90), 3)
    for x in range(90, 440, 70):
        cv2.line(cells, (x, 20), (x, 90), 1, 3)
    for x in range(55, 440, 70):
        cv2.ellipse(digits, (x, 55), (15, 24), 0, 0, 360, 1, 6)
    turn = cv2.getRotationMatrix2D((230, 60), 3, 1)
    cells, digits = (
        cv2.warpAffine(each, turn, (460, 120), flags=cv2.INTER_NEAREST) for each in (cells, digits)
    )
    kept = without_frames(connected((cells | digits).astype(bool))).mask
    assert (kept & digits.astype(bool)).sum() == digits.sum()
    assert (kept & ~digits.astype(bool)).sum() < 0.05 * cells.sum()


def test_short_equal_separators_upon_one_line_are_removed_and_ones_between_them_stay() -> None:
    comb, digits = np.zeros((2, 120, 400), np.uint8)
    cv2.line(comb, (20, 95), (340, 95), 1, 3)
    for x in range(20, 341, 80):
        cv2.line(comb, (x, 65), (x, 95), 1, 3)
    for x in range(60, 340, 80):
        cv2.line(digits, (x, 30), (x, 85), 1, 5)
    kept = without_frames(connected((comb | digits).astype(bool))).mask
    assert np.array_equal(kept, digits.astype(bool))


def test_a_line_that_touches_two_digits_is_removed() -> None:
    ruling, digits = np.zeros((2, 140, 220), np.uint8)
    cv2.line(ruling, (20, 104), (200, 100), 1, 6)
    for x in (70, 140):
        cv2.ellipse(digits, (x, 70), (20, 32), 0, 0, 360, 1, 6)
    kept = without_frames(connected((ruling | digits).astype(bool))).mask
    assert not kept[:, 170:].any()
    assert (kept & digits.astype(bool)).sum() > 0.85 * digits.sum()


@pytest.mark.parametrize(
    "corners",
    [
        [(20, 20), (120, 20), (60, 130)],  # a wide 7
        [(20, 40), (60, 20), (90, 50), (20, 120), (130, 120)],  # a 2 with a long base
        [(100, 20), (30, 20), (28, 70), (90, 75), (95, 115), (25, 122)],
        [(60, 20), (60, 125), (30, 125), (90, 125)],  # a 1 with a foot
    ],
)
def test_straight_strokes_of_a_digit_stay(corners: list[tuple[int, int]]) -> None:
    mask = np.zeros((150, 150), np.uint8)
    cv2.polylines(mask, [np.array(corners)], False, 1, 9)
    assert np.array_equal(without_frames(connected(mask.astype(bool))).mask, mask.astype(bool))


@pytest.mark.parametrize("rise", [0, 15, 30, 35])
def test_a_stroke_alone_that_is_nearly_level_stays(rise: int) -> None:
    mask = np.zeros((140, 280), np.uint8)
    cv2.line(mask, (80, 90), (190, 90 - rise), 1, 14)
    assert np.array_equal(without_frames(connected(mask.astype(bool))).mask, mask.astype(bool))


def test_the_bottom_of_a_0_that_a_line_hides_is_closed_and_two_1s_are_not_joined() -> None:
    ruling, zero, ones = np.zeros((3, 140, 300), np.uint8)
    cv2.line(ruling, (10, 104), (290, 104), 1, 8)
    cv2.ellipse(zero, (90, 72), (20, 32), 0, 0, 360, 1, 6)
    for x in (180, 200):
        cv2.line(ones, (x, 40), (x, 102), 1, 6)
    kept = without_frames(connected((ruling | zero | ones).astype(bool))).mask
    closed = cv2.findContours(kept.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)[1][0, :, 3] >= 0
    assert closed.sum() == 1
    assert cv2.connectedComponents(kept.astype(np.uint8))[0] == 1 + 3


def test_a_5_and_a_3_that_reach_from_line_to_line_of_a_box_are_not_joined() -> None:
    frame, digits = np.zeros((2, 100, 160), np.uint8)
    rectangle(frame, (14, 14, 145, 86), 8)
    for corners in (
        [(70, 14), (62, 20), (40, 24), (38, 48), (62, 60), (40, 86)],
        [(92, 14), (100, 20), (118, 28), (96, 46), (120, 62), (98, 86)],
    ):
        cv2.polylines(digits, [np.array(corners)], False, 1, 6)
    kept = without_frames(connected((frame | digits).astype(bool)))
    assert len(kept.stats) == 1 + 2
    assert (kept.mask & digits.astype(bool)).sum() > 0.85 * digits.sum()  # without their ends in the lines


def test_the_foot_of_a_2_that_a_line_hides_is_joined_with_its_stem() -> None:
    ruling, two, nine = np.zeros((3, 140, 300), np.uint8)
    cv2.line(ruling, (10, 104), (290, 104), 1, 12)
    cv2.polylines(two, [np.array([(70, 50), (90, 38), (108, 50), (90, 96)])], False, 1, 6)
    for x in (72, 112):
        cv2.ellipse(two, (x, 108), (8, 4), 0, 0, 360, 1, 3)  # the ends of its foot, below the line
    cv2.ellipse(nine, (200, 60), (18, 18), 0, 0, 360, 1, 6)
    cv2.line(nine, (218, 60), (214, 100), 1, 6)
    kept = without_frames(connected((ruling | two | nine).astype(bool)))
    assert kept.labels[111, 72] == kept.labels[111, 112] == kept.labels[70, 98] > 0
    assert len(kept.stats) == 1 + 2


def test_a_thin_foot_close_to_a_line_stays_whole() -> None:
    ruling, two = np.zeros((2, 60, 120), np.uint8)
    ruling[50:54, 4:116] = 1
    ruling[53, ::3] = 0  # its edge is rough
    two[20:48, 60:62] = 1
    two[46:48, 40:62] = 1  # two rows above the line
    two[48:50, 40:44] = 1
    kept = without_frames(connected((ruling | two).astype(bool))).mask
    assert kept[46:48, 45:60].all()


def test_a_box_around_a_1_and_a_6_that_touches_it_leaves_both() -> None:
    frame, digits = np.zeros((2, 110, 120), np.uint8)
    rectangle(frame, (12, 12, 105, 95), 4)
    cv2.line(digits, (35, 28), (35, 80), 1, 6)
    cv2.polylines(digits, [np.array([(88, 14), (64, 50), (62, 70)])], False, 1, 6)
    cv2.ellipse(digits, (75, 68), (13, 14), 0, 0, 360, 1, 6)
    kept = without_frames(connected((frame | digits).astype(bool))).mask
    assert (kept & digits.astype(bool)).sum() > 0.9 * digits.sum()
    assert not kept[90:].any()


def test_a_4_that_hangs_from_a_line_stays_open_at_the_top() -> None:
    frame, four = np.zeros((2, 140, 300), np.uint8)
    rectangle(frame, (20, 20, 280, 120), 6)
    cv2.polylines(four, [np.array([(130, 20), (126, 66), (170, 66)])], False, 1, 5)
    cv2.line(four, (160, 20), (158, 100), 1, 5)
    kept = without_frames(connected((frame | four).astype(bool))).mask.astype(np.uint8)
    assert (cv2.findContours(kept, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)[1][0, :, 3] < 0).all()


def test_a_separator_of_a_table_that_wavers_by_a_pixel_is_removed() -> None:
    table, digits = np.zeros((2, 170, 300), np.uint8)
    rectangle(table, (20, 20, 280, 150), 4)
    cv2.line(table, (20, 85), (280, 85), 1, 4)
    for top, bottom in ((20, 42), (43, 64), (65, 85)):
        cv2.line(table, (150 + top % 2, top), (150 + top % 2, bottom), 1, 1)
    for x in (80, 220):
        cv2.ellipse(digits, (x, 52), (12, 20), 0, 0, 360, 1, 5)
    kept = without_frames(connected((table | digits).astype(bool))).mask
    assert np.array_equal(kept, digits.astype(bool))


def five_with_a_bar(ends: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the masks of a 5 of 60 rows' height, and of its separate bar through these points."""
    bar, body = np.zeros((2, 200, 200), np.uint8)
    for start, end in pairwise(ends):
        cv2.line(bar, start, end, 1, 2)
    cv2.line(body, (50, 70), (48, 90), 1, 2)
    cv2.ellipse(body, (60, 110), (35, 25), 0, -110, 130, 1, 2)
    return bar.astype(bool), body.astype(bool)


@pytest.mark.parametrize(
    "ends",
    [
        [(52, 60), (90, 60), (112, 52)],
        [(52, 50), (52, 60), (112, 60)],
        [(52, 60), (104, 60), (112, 52)],
        [(102, 74), (154, 74), (162, 66)],
    ],
    ids=["bent", "hooked at its start", "hooked at its end", "beside the digit"],
)
def test_the_separate_bar_of_a_digit_is_no_ruling_though_it_ends_in_a_bend(
    ends: list[tuple[int, int]],
) -> None:
    bar, body = five_with_a_bar(ends)
    assert np.array_equal(without_frames(connected(bar | body)).mask, bar | body)


def test_a_bent_line_longer_than_the_digits_is_a_ruling() -> None:
    bar, body = five_with_a_bar([(20, 60), (150, 60), (180, 50)])
    kept = without_frames(connected(bar | body)).mask
    assert (kept & bar).sum() < 0.5 * bar.sum()
    assert (kept & body).sum() == body.sum()


def test_a_part_of_a_ruling_is_removed_where_the_ruling_goes_on_at_its_height() -> None:
    part, body = five_with_a_bar([(52, 60), (104, 60), (112, 52)])
    rest = np.zeros_like(part)
    rest[59:61, 116:200] = True
    kept = without_frames(connected(part | rest | body)).mask
    assert (kept & part).sum() < 0.5 * part.sum()
