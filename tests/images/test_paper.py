"""The paper under the ink in even and uneven light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.images.paper import (
    has_two_tones,
    noise_of,
    paper_by_closing,
    paper_by_median,
    paper_of_two_tones,
    shrink,
    sloping_paper,
    texture_of,
)

SIDE = 160
SLOPE = np.linspace(230, 120, SIDE, dtype=np.float32)[None, :].repeat(SIDE, axis=0)


def written(paper: np.ndarray, width: int) -> np.ndarray:
    """Return the paper with a vertical stroke of a quarter of its brightness in the middle."""
    grey = paper.copy()
    left = (SIDE - width) // 2
    grey[20:140, left : left + width] *= 0.25
    return grey


@pytest.mark.parametrize("width", [4, 12])
def test_paper_continues_under_a_stroke_in_slanting_light(width: int) -> None:
    paper = paper_by_median(written(SLOPE, width), 7.0 * width)
    inner = np.s_[10:-10, 10:-10]
    assert np.abs(paper - SLOPE)[inner].max() < 12


def test_a_closing_removes_a_stroke_of_a_quarter_of_the_picture() -> None:
    assert np.abs(paper_by_closing(written(SLOPE, SIDE // 4)) - SLOPE).max() < 40


def test_a_drawing_has_two_tones_but_a_shadow_does_not() -> None:
    even = np.full((SIDE, SIDE), 220, np.float32)
    assert has_two_tones(written(even, 90))
    assert not has_two_tones(SLOPE)
    assert not has_two_tones(even)
    assert np.abs(paper_of_two_tones(written(even, 90)) - 220).max() < 2


def test_ink_on_the_edge_of_a_thumbnail_does_not_tilt_its_paper() -> None:
    small = shrink(SLOPE, 28)
    crossed = small.copy()
    crossed[:, 12:15] = 20
    paper, rest = sloping_paper(crossed)
    assert np.abs(paper - small).max() < 4
    assert rest < 2


def test_texture_is_measured_apart_from_noise_and_strokes() -> None:
    blotches = cv2.GaussianBlur(
        np.random.default_rng(0).normal(0, 1, (640, 640)).astype(np.float32), (0, 0), 6
    )
    blotches *= 0.05 / blotches.std()
    assert noise_of(blotches) < 0.02
    assert texture_of(blotches) == pytest.approx(0.05, rel=0.4)
    blotches[:, 300:330] = 0.8
    assert texture_of(blotches) < 0.08


def test_noise_is_measured_apart_from_slopes() -> None:
    noisy = SLOPE + np.random.default_rng(0).normal(0, 6, SLOPE.shape)
    assert noise_of(noisy / 255) * 255 == pytest.approx(6, rel=0.15)
    assert noise_of(SLOPE / 255) * 255 < 1
    assert noise_of(np.zeros((1, 1))) == 0
