from __future__ import annotations

import cv2
import numpy as np

from core.images.rulings import without_rulings


def removed(mask: np.ndarray) -> np.ndarray:
    """Return the mask without its rulings, with ink of equal contrast."""
    return without_rulings(mask, mask.astype(np.float32))


def test_rulings_are_removed_and_a_stroke_across_them_is_kept() -> None:
    mask = np.zeros((300, 400), np.uint8)
    for y in (60, 140, 220):
        cv2.line(mask, (0, y), (399, y), 1, 2)
    stroke = np.zeros_like(mask)
    cv2.ellipse(stroke, (200, 150), (50, 80), 0, 0, 360, 1, 14)
    kept = removed((mask | stroke).astype(bool))
    assert kept[:, :100].sum() < 0.05 * mask[:, :100].sum()
    assert (kept & stroke.astype(bool)).sum() > 0.9 * stroke.sum()


def test_a_single_straight_stroke_is_kept() -> None:
    mask = np.zeros((200, 120), np.uint8)
    cv2.line(mask, (60, 0), (60, 199), 1, 14)
    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_an_empty_mask_stays_empty() -> None:
    assert not removed(np.zeros((40, 40), bool)).any()


def test_the_corner_of_a_cell_is_removed_and_its_digit_is_kept() -> None:
    mask, digit = np.zeros((2, 160, 140), np.uint8)
    cv2.line(mask, (6, 0), (2, 159), 1, 3)
    cv2.line(mask, (0, 154), (139, 158), 1, 3)
    cv2.ellipse(digit, (75, 75), (25, 40), 0, 0, 360, 1, 9)
    assert np.array_equal(removed((mask | digit).astype(bool)), digit.astype(bool))


def test_the_separate_bar_of_a_5_that_fills_its_picture_is_not_the_line_of_a_cell() -> None:
    mask = np.zeros((120, 90), np.uint8)
    cv2.line(mask, (14, 4), (84, 3), 1, 4)
    cv2.line(mask, (22, 20), (18, 55), 1, 4)
    cv2.ellipse(mask, (40, 80), (38, 34), 0, -120, 130, 1, 4)
    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_a_7_that_fills_its_picture_is_not_a_corner() -> None:
    mask = np.zeros((160, 100), np.uint8)
    cv2.line(mask, (0, 5), (95, 5), 1, 8)
    cv2.line(mask, (95, 5), (95, 159), 1, 8)
    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_a_straight_stroke_thicker_than_the_lines_of_a_form_is_kept() -> None:
    """Draw a 7 whose stem touches its box; the stem was once removed with the box."""
    frame, digit = np.zeros((2, 240, 240), np.uint8)
    cv2.rectangle(frame, (20, 20), (220, 220), 1, 3)
    cv2.line(digit, (60, 70), (140, 70), 1, 11)
    cv2.line(digit, (140, 70), (140, 222), 1, 11)
    kept = removed((frame | digit).astype(bool))
    assert (kept & digit.astype(bool)).sum() > 0.9 * digit.sum()


def test_the_straight_sides_of_a_bold_0_are_kept() -> None:
    mask = np.zeros((170, 150), np.uint8)
    cv2.ellipse(mask, (75, 85), (40, 62), 0, 0, 360, 1, 26)
    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_all_rulings_of_a_page_are_removed() -> None:
    mask, stroke = np.zeros((2, 600, 400), np.uint8)
    mask[10::35, :] = mask[11::35, :] = 1
    cv2.ellipse(stroke, (200, 150), (50, 80), 0, 0, 360, 1, 14)
    kept = removed((mask | stroke).astype(bool))
    assert kept[:, :100].sum() < 0.05 * mask[:, :100].sum()
    assert (kept & stroke.astype(bool)).sum() > 0.85 * stroke.sum()


def test_pieces_of_faint_squares_are_removed_and_the_digit_is_kept() -> None:
    """Draw the parts of faint squares that are darker than the paper, too short to be rulings."""
    squares, digit = np.zeros((2, 400, 400), np.uint8)
    cv2.line(squares, (90, 60), (90, 240), 1, 2)
    cv2.line(squares, (300, 160), (300, 300), 1, 2)
    cv2.ellipse(digit, (190, 200), (60, 110), 0, 0, 360, 1, 24)
    contrast = np.maximum(0.25 * squares, 0.7 * digit).astype(np.float32)

    assert np.array_equal(without_rulings((squares | digit).astype(bool), contrast), digit.astype(bool))


def test_thin_strokes_as_dark_as_thick_ones_are_kept() -> None:
    mask = np.zeros((400, 400), np.uint8)
    cv2.line(mask, (150, 80), (150, 320), 1, 24)
    cv2.line(mask, (150, 100), (280, 100), 1, 3)

    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_a_faint_joint_on_squared_paper_is_kept() -> None:
    """Draw a 4 whose joint is paler than Otsu's threshold, but darker than the squares."""
    contrast = np.zeros((300, 300), np.float32)
    contrast[10::40, :] = contrast[:, 10::40] = 0.15
    cv2.polylines(contrast, [np.array([(110, 90), (100, 180), (145, 186)])], False, 0.6, 9)
    cv2.line(contrast, (165, 95), (170, 240), 0.6, 9)
    contrast[180:190, 148:163] = 0.32
    kept = without_rulings(contrast > 0.1, contrast)
    assert cv2.connectedComponents(kept.astype(np.uint8))[0] == 2  # the background, and one digit
    assert not kept[:, :80].any()


def test_pale_rulings_thicker_than_the_stroke_are_removed() -> None:
    ruling, digit = np.zeros((2, 200, 300), np.uint8)
    for y in (70, 140):
        cv2.line(ruling, (0, y), (299, y), 1, 17)
    cv2.ellipse(digit, (150, 105), (40, 70), 0, 0, 360, 1, 8)
    contrast = np.where(digit, 0.9, 0.41 * ruling).astype(np.float32)
    kept = without_rulings((ruling | digit).astype(bool), contrast)
    assert not kept[:, :90].any()
    assert (kept & digit.astype(bool)).sum() > 0.95 * digit.sum()
