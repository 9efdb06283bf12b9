"""Ink is told from paper in any light, colour and polarity."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.images.ink import find_ink, stroke_width, thumbnail_ink
from tests.images import cases

SIDE = 200
STROKE = np.zeros((SIDE, SIDE), np.uint8)
cv2.line(STROKE, (60, 150), (140, 50), 255, 14, cv2.LINE_AA)
TRUTH = STROKE > 127


def sheet(paper: tuple[int, ...] = (240, 240, 240), pen: tuple[int, ...] = (20, 20, 20)) -> np.ndarray:
    return cases.coloured(STROKE / 255, paper, pen)


def agreement(mask: np.ndarray) -> float:
    """Return the intersection over union with the stroke that was drawn."""
    return float((mask & TRUTH).sum() / max(1, (mask | TRUTH).sum()))


@pytest.mark.parametrize(
    ("paper", "pen"),
    [
        ((240, 240, 240), (20, 20, 20)),
        ((20, 20, 20), (240, 240, 240)),
        ((200, 190, 150), (90, 80, 60)),
        ((255, 255, 255), (235, 220, 0)),  # a yellow pen is visible in blue only
        ((250, 250, 250), (225, 225, 225)),  # faint
        ((40, 80, 60), (200, 200, 190)),  # chalk
    ],
    ids=["dark on light", "light on dark", "tinted paper", "yellow pen", "faint pencil", "chalk"],
)
def test_the_stroke_is_the_ink_in_any_colours(paper: tuple[int, ...], pen: tuple[int, ...]) -> None:
    ink = find_ink(sheet(paper, pen))
    assert agreement(ink.mask) > 0.85
    assert ink.strength[TRUTH].mean() > 0.9
    assert ink.strength[~cv2.dilate(STROKE, np.ones((9, 9))).astype(bool)].max() == 0


def test_a_shadow_across_the_stroke_does_not_matter() -> None:
    shadow = np.clip(np.linspace(1.4, 0.4, SIDE), 0.45, 1)[None, :, None]
    shaded = np.round(sheet() * shadow).astype(np.uint8)
    assert agreement(find_ink(shaded).mask) > 0.85


def test_noise_is_not_ink_and_does_not_hide_ink() -> None:
    noisy = np.clip(sheet() + np.random.default_rng(0).normal(0, 12, (SIDE, SIDE, 1)), 0, 255).astype(
        np.uint8
    )
    assert agreement(find_ink(noisy).mask) > 0.75
    blank = np.clip(200 + np.random.default_rng(0).normal(0, 12, (SIDE, SIDE, 1)), 0, 255)
    assert not find_ink(np.repeat(blank, 3, axis=2).astype(np.uint8)).mask.any()


def test_paper_is_lighter_than_ink_in_the_grey_of_either_polarity() -> None:
    for rgb in (sheet(), sheet((20, 20, 20), (240, 240, 240))):
        ink = find_ink(rgb)
        assert ink.grey[~TRUTH].mean() > ink.grey[TRUTH].mean()


@pytest.mark.parametrize("mode", ["1", "P"])
@pytest.mark.parametrize("paper", [225, 150])
def test_a_grey_made_of_dots_is_paper(mode: str, paper: int) -> None:
    """Let Pillow dither, as it does with 1 bit or a fixed palette."""
    dots = Image.fromarray(sheet((paper,) * 3, (30, 30, 30))).convert(mode).convert("RGB")
    assert agreement(find_ink(np.asarray(dots)).mask) > 0.7


@pytest.mark.parametrize("width", [3, 8, 20])
def test_the_width_of_a_stroke_is_measured_in_pixels(width: int) -> None:
    mask = np.zeros((120, 120), bool)
    mask[10:110, 50 : 50 + width] = True
    assert stroke_width(mask) == pytest.approx(width, rel=0.25)


def test_an_empty_mask_has_no_stroke_width() -> None:
    assert stroke_width(np.zeros((9, 9), bool)) == 0


@pytest.mark.parametrize("light", [True, False])
def test_the_greys_of_a_thumbnail_become_strengths(light: bool) -> None:
    small = cv2.resize(STROKE, (28, 28), interpolation=cv2.INTER_AREA)
    grey = small if light else 255 - small
    ink = thumbnail_ink(np.stack([grey] * 3, axis=-1))
    assert np.corrcoef(ink.strength.ravel(), small.ravel())[0, 1] > 0.98


def test_one_small_digit_on_a_large_rough_sheet_is_found() -> None:
    """Draw a stroke that Otsu's threshold overlooks, because it splits the paper's own texture."""
    rng = np.random.default_rng(2)
    rough = cv2.GaussianBlur(rng.normal(0, 1, (1000, 1400)).astype(np.float32), (0, 0), 6)
    grey = 170 + 2.5 * rough / rough.std() + rng.normal(0, 3, rough.shape)
    blank = np.repeat(np.round(grey)[..., None], 3, axis=2).astype(np.uint8)
    assert not find_ink(blank).mask.any()
    written = blank.copy()
    cv2.line(written, (600, 400), (615, 440), (100, 100, 100), 5, cv2.LINE_AA)
    rows, columns = np.nonzero(find_ink(written).mask)
    assert 380 < rows.min() < rows.max() < 470
    assert 580 < columns.min() < columns.max() < 640


def test_a_thumbnail_in_slanting_light_keeps_its_ink() -> None:
    small = cv2.resize(STROKE, (28, 28), interpolation=cv2.INTER_AREA) / 255
    grey = np.linspace(220, 110, 28)[None, :] * (1 - 0.7 * small)
    strength = thumbnail_ink(np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)).strength
    assert np.corrcoef(strength.ravel(), small.ravel())[0, 1] > 0.95
    assert strength[small == 0].max() < 0.15


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**31 - 1), st.booleans())
def test_strengths_of_any_picture_are_from_0_to_1(height: int, width: int, seed: int, speckled: bool) -> None:
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 256, (height, width, 3) if speckled else (1, 1, 3)).astype(np.uint8)
    rgb = np.ascontiguousarray(np.broadcast_to(rgb, (height, width, 3)))
    for ink in (find_ink(rgb), thumbnail_ink(rgb)):
        assert ink.mask.shape == ink.strength.shape == ink.contrast.shape == (height, width)
        assert np.isfinite(ink.strength).all()
        assert 0 <= ink.strength.min() <= ink.strength.max() <= 1
