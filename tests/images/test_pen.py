"""The polarity of ink and the width of its strokes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.images.pen import find_pen

SIDE = 300


def ring(width: int, pen: int = 30, paper: int = 220) -> np.ndarray:
    grey = np.full((SIDE, SIDE), paper, np.uint8)
    cv2.ellipse(grey, (150, 150), (75, 105), 15, 0, 360, pen, width, cv2.LINE_AA)
    return grey.astype(np.float32)


@pytest.mark.parametrize("width", [8, 14, 30])
@pytest.mark.parametrize(("pen", "paper"), [(30, 220), (220, 30)])
def test_polarity_and_width_of_a_stroke_are_found(width: int, pen: int, paper: int) -> None:
    found = find_pen(ring(width, pen, paper))
    assert found.dark == (pen < paper)
    assert found.width == pytest.approx(width, rel=0.35)


def test_a_ring_as_bold_as_its_hole_is_the_ink() -> None:
    """Draw a bold white 0, of which the slit inside was once read as a dark 1."""
    bold = find_pen(ring(90, pen=255, paper=70))
    assert not bold.dark
    assert bold.two_tones


def test_the_hole_of_a_bold_ring_in_shade_is_not_ink() -> None:
    """Draw a ring that only the largest scale shows; smaller ones show a light hole in the dark."""
    light = np.linspace(0.35, 1, SIDE)[:, None] * np.linspace(1, 0.7, SIDE)[None]
    grey = np.full((SIDE, SIDE), 190, np.uint8)
    cv2.ellipse(grey, (110, 110), (40, 62), 25, 0, 360, 50, 32, cv2.LINE_AA)
    assert find_pen(cv2.GaussianBlur((grey * light).astype(np.float32), (0, 0), 1.0)).dark


def test_the_paper_within_a_ring_beside_a_hard_shadow_is_not_ink() -> None:
    """Draw ring and shadow in one tone; the paper inside was once taken for a broad light stroke."""
    grey = np.full((SIDE, SIDE), 235, np.uint8)
    cv2.fillConvexPoly(grey, np.array([(0, 0), (300, 0), (300, 110), (0, 178)]), 130)
    cv2.ellipse(grey, (180, 215), (35, 55), 20, 0, 360, 62, 6, cv2.LINE_AA)
    assert find_pen(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 0.8)).dark


def test_a_bold_1_cut_out_along_its_ink_is_the_stroke() -> None:
    """Leave little paper beside the stroke, so that the paper is slimmer than the stroke."""
    grey = np.full((213, 32), 225, np.uint8)
    cv2.polylines(grey, [np.array([(17, 14), (18, 150), (13, 199)])], False, 52, 25, cv2.LINE_AA)
    found = find_pen(grey.astype(np.float32))
    assert (found.dark, found.two_tones) == (True, True)
    assert found.width == pytest.approx(25, rel=0.35)


def test_the_paper_within_a_frame_is_not_ink() -> None:
    grey = ring(8)
    cv2.rectangle(grey, (20, 20), (280, 280), 60.0, 4)
    assert find_pen(grey).dark


def test_a_blank_sheet_has_no_strokes() -> None:
    assert find_pen(np.full((SIDE, SIDE), 200, np.float32)).width == 0


def test_a_sheet_on_a_darker_table_is_paper_and_not_a_broad_stroke() -> None:
    grey = np.full((SIDE, SIDE), 80, np.uint8)
    cv2.fillConvexPoly(grey, np.array([(40, 60), (230, 35), (260, 240), (60, 262)]), 225)
    cv2.ellipse(grey, (150, 150), (30, 50), 15, 0, 360, 50, 5, cv2.LINE_AA)
    assert find_pen(grey.astype(np.float32)).dark


def test_squares_do_not_change_the_width_of_the_pen() -> None:
    """Draw more squares than digit; the window for the paper was once as narrow as for their lines."""
    grey = np.full((SIDE, SIDE), 220, np.uint8)
    for at in range(12, SIDE, 25):
        cv2.line(grey, (at, 0), (at, SIDE), 175, 1)
        cv2.line(grey, (0, at), (SIDE, at), 175, 1)
    cv2.line(grey, (160, 125), (155, 165), 60, 9, cv2.LINE_AA)
    found = find_pen(grey.astype(np.float32))

    assert found.dark
    assert found.width > 5


@pytest.mark.parametrize(("pen", "paper"), [(0, 255), (255, 0), (120, 160)])
def test_a_drawing_is_recognised_by_its_paper_of_one_tone(pen: int, paper: int) -> None:
    found = find_pen(ring(16, pen, paper))
    assert (found.drawn, found.dark) == (True, pen < paper)
    assert found.width == pytest.approx(16, rel=0.2)


@pytest.mark.parametrize("turned", [False, True])
def test_a_card_with_a_digit_on_a_flat_ground_is_not_a_drawing(turned: bool) -> None:
    grey = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.rectangle(grey, (80, 60), (220, 240), 40, cv2.FILLED)
    cv2.ellipse(grey, (150, 150), (35, 55), 15, 0, 360, 230, 12, cv2.LINE_AA)
    found = find_pen((255.0 - grey if turned else grey).astype(np.float32))
    assert (found.drawn, found.dark) == (False, turned)


def test_a_slim_card_with_a_darker_digit_is_not_a_drawing() -> None:
    grey = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.rectangle(grey, (40, 110), (260, 200), 120, cv2.FILLED)
    cv2.ellipse(grey, (150, 155), (18, 28), 15, 0, 360, 10, 8, cv2.LINE_AA)
    assert not find_pen(grey.astype(np.float32)).drawn


def test_a_drawing_with_noise_at_its_edge_is_treated_as_a_photograph() -> None:
    grey = ring(16)
    grey[0, 40] += 1
    assert not find_pen(grey).drawn
    assert find_pen(grey).dark
