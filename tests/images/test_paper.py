"""The paper under the ink, in even and uneven light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.images.paper import (
    has_two_tones,
    noise_of,
    paper_at_large,
    paper_near,
    paper_of_two_tones,
    shrunk,
    sloping_paper,
    texture_of,
)

SIDE = 160
SLOPE = np.linspace(230, 120, SIDE, dtype=np.float32)[None, :].repeat(SIDE, axis=0)


def written(paper: np.ndarray, width: int) -> np.ndarray:
    """A stroke of a quarter of its paper's brightness down the middle."""
    grey = paper.copy()
    left = (SIDE - width) // 2
    grey[20:140, left : left + width] *= 0.25
    return grey


@pytest.mark.parametrize("width", [4, 12])
def test_the_paper_goes_on_under_a_stroke_in_slanting_light(width: int) -> None:
    paper = paper_near(written(SLOPE, width), 7.0 * width)
    inner = np.s_[10:-10, 10:-10]
    assert np.abs(paper - SLOPE)[inner].max() < 12


def test_a_stroke_as_wide_as_a_quarter_of_the_picture_is_ink_at_large() -> None:
    assert np.abs(paper_at_large(written(SLOPE, SIDE // 4)) - SLOPE).max() < 40


def test_two_tones_are_those_of_a_drawing_and_not_those_of_a_shadow() -> None:
    even = np.full((SIDE, SIDE), 220, np.float32)
    assert has_two_tones(written(even, 90))
    assert not has_two_tones(SLOPE)
    assert not has_two_tones(even)
    assert np.abs(paper_of_two_tones(written(even, 90)) - 220).max() < 2


def test_the_rim_of_a_thumbnail_gives_its_slope_whatever_runs_over_it() -> None:
    small = shrunk(SLOPE, 28)
    crossed = small.copy()
    crossed[:, 12:15] = 20
    paper, rest = sloping_paper(crossed)
    assert np.abs(paper - small).max() < 4
    assert rest < 2


def test_texture_is_what_noise_is_not_and_strokes_do_not_count() -> None:
    blotches = cv2.GaussianBlur(
        np.random.default_rng(0).normal(0, 1, (640, 640)).astype(np.float32), (0, 0), 6
    )
    blotches *= 0.05 / blotches.std()
    assert noise_of(blotches) < 0.02
    assert texture_of(blotches) == pytest.approx(0.05, rel=0.4)
    blotches[:, 300:330] = 0.8
    assert texture_of(blotches) < 0.08


def test_noise_is_told_from_slopes() -> None:
    noisy = SLOPE + np.random.default_rng(0).normal(0, 6, SLOPE.shape)
    assert noise_of(noisy / 255) * 255 == pytest.approx(6, rel=0.15)
    assert noise_of(SLOPE / 255) * 255 < 1
    assert noise_of(np.zeros((1, 1))) == 0
