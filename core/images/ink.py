"""Where the ink is: paper, shadows and tints divided out, so that only what was written stands out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.images.paper import (
    DARKEST_PAPER,
    SAMPLE,
    noise_of,
    otsu,
    paper_at_large,
    paper_near,
    paper_of_two_tones,
    sloping_paper,
    texture_of,
)
from core.images.pen import FAINTEST, NOISE_MARGIN, Pen, find_pen

WINDOW = 7.0  # stroke widths: an 8 as bold as they come leaves half of such a window to the paper
DOT = 20.0  # levels of 255 by which a dot of a dithered grey differs at least from its neighbours
DITHERED = 0.06  # of all pixels are such dots; in a drawing with a pen of one pixel fewer are
DITHER_SIGMA = 1.8  # pixels; dots are spread so that they vanish at once
GRAIN = 2.0  # levels of 255; less noise than this needs no smoothing
TEXTURE_MARGIN = 4.0  # and so many out of its texture
LEAST_SHARE = 1e-4  # of the picture, of a digit so small that Otsu's threshold overlooks it
DARKER = 4.0  # times what Otsu's threshold takes for ink must a digit be that it overlooked


@dataclass(frozen=True)
class Ink:
    """The ink of a picture, light on black."""

    contrast: np.ndarray  # H×W float32, by how much of the paper's brightness it is darker
    strength: np.ndarray  # H×W float32, the same from 0 (paper) to 1 (the core of a usual stroke)
    mask: np.ndarray  # H×W bool
    grey: np.ndarray  # H×W float32, the picture itself with its paper the lighter, 0 to 255


def find_ink(rgb: np.ndarray) -> Ink:
    """The ink in an RGB picture (H×W×3 uint8); all False where nothing stands out."""
    grey, grain = _without_grain(_without_dither(_grey(rgb)))
    pen = find_pen(grey)
    light_paper = grey if pen.dark else 255.0 - grey
    return _against(light_paper, _paper(light_paper, pen), grain)


def thumbnail_ink(rgb: np.ndarray) -> Ink:
    """The same of a picture too small for rulings: all that differs from what its edge is of."""
    grey = _grey(rgb)
    paper, noise = sloping_paper(grey)
    if grey.mean() > paper.mean():
        grey, paper = 255.0 - grey, 255.0 - paper
    contrast = np.clip((paper - grey) / np.maximum(paper, DARKEST_PAPER), 0.0, 1.0)
    floor = 3 * noise / max(float(np.median(paper)), DARKEST_PAPER)
    visible = contrast > max(FAINTEST, floor)
    peak = float(np.percentile(contrast[visible], 90)) if visible.any() else 1.0
    floor = min(floor, 0.5 * peak)
    strength = np.clip((contrast - floor) / (peak - floor), 0.0, 1.0).astype(np.float32)
    return Ink(contrast, strength, visible & (strength > 0.15), grey)


def stroke_width(mask: np.ndarray) -> float:
    """The typical width in pixels of the strokes in a mask, 0 if it is empty: area over half the outline."""
    if not mask.any():
        return 0.0
    padded = np.pad(mask.astype(np.uint8), 1)
    contours, _ = cv2.findContours(padded, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    # A contour runs through the centres of the outermost pixels, half a pixel inside the edge.
    outline = sum(cv2.arcLength(contour, closed=True) + 4 for contour in contours)
    return float(2 * mask.sum() / outline)


def _paper(grey: np.ndarray, pen: Pen) -> np.ndarray:
    """The paper under every pixel, sought at the scale that the pen's width asks for."""
    if pen.drawn:
        return np.full_like(grey, grey[0, 0])
    if pen.two_tones:
        return paper_of_two_tones(grey)
    window = WINDOW * pen.width
    return paper_near(grey, window) if 0 < window < 0.6 * min(grey.shape) else paper_at_large(grey)


def _against(grey: np.ndarray, paper: np.ndarray, grain: float) -> Ink:
    """What is darker than its paper by more than the paper's noise, ``grain``, in grey levels."""
    relative = (paper - grey) / np.maximum(paper, DARKEST_PAPER)
    contrast = np.clip(relative, 0.0, 1.0)
    noise = max(noise_of(contrast), grain / max(float(np.median(paper[::8, ::8])), DARKEST_PAPER))
    least = max(FAINTEST, NOISE_MARGIN * noise, TEXTURE_MARGIN * texture_of(relative))
    peak = _peak(contrast, noise)
    if peak < least:
        peak = _overlooked(contrast, peak)
    if peak < least:
        return Ink(contrast, np.zeros_like(contrast), np.zeros(contrast.shape, bool), grey)
    floor = min(0.5 * peak, max(1.5 * noise, 0.06 * peak))
    strength = np.clip((contrast - floor) / (peak - floor), 0.0, 1.0).astype(np.float32)
    return Ink(contrast, strength, _hysteresis(strength, 0.3, 0.6), grey)


def _grey(rgb: np.ndarray) -> np.ndarray:
    """The channel in which ink and paper differ most: luminance unless a colour is far clearer.

    A yellow pen shows in blue only, a red stamp not in red.
    """
    channels = [cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), *cv2.split(rgb)]
    spreads = [float(np.subtract(*np.percentile(channel[::4, ::4], [99.5, 0.5]))) for channel in channels]
    best = int(np.argmax(spreads))
    chosen = channels[best] if spreads[best] > 1.6 * spreads[0] else channels[0]
    return chosen.astype(np.float32)


def _without_grain(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Smoothed if the camera was noisy and there are pixels to spare, and the noise (levels) that remains.

    A drawing has no noise and stays as it is.
    """
    noise = 255 * noise_of(grey / 255)
    if noise < GRAIN or min(grey.shape) < 100:
        return grey, noise
    sigma = min(2.0, 0.5 + min(grey.shape) / 400)
    # A Gaussian leaves this share of the standard deviation of independent pixels.
    return cv2.GaussianBlur(grey, (0, 0), sigma), noise / (2 * sigma * np.sqrt(np.pi))


def _without_dither(grey: np.ndarray) -> np.ndarray:
    """Smoothed if greys are made of dots, as in pictures of 1 bit or of few colours."""
    steps = np.diff(grey[:: 1 + grey.size // SAMPLE], axis=1)
    left, right = steps[:, :-1], steps[:, 1:]
    dots = -left * right > DOT**2  # lighter, or darker, than both its neighbours
    if not dots.size or dots.mean() < DITHERED:
        return grey
    return cv2.GaussianBlur(grey, (0, 0), DITHER_SIGMA)


def _peak(contrast: np.ndarray, noise: float) -> float:
    """The contrast of a stroke's core: high among what Otsu's threshold takes for ink."""
    ink = contrast[contrast > max(otsu(contrast), FAINTEST / 2, 3 * noise)]
    return float(np.percentile(ink[:: 1 + len(ink) // SAMPLE], 75)) if len(ink) else 0.0


def _overlooked(contrast: np.ndarray, texture: float) -> float:
    """The same of one small digit on a large sheet, where Otsu's threshold parts the paper's own texture.

    0 where nothing is much darker than that texture.
    """
    darkest = float(np.quantile(contrast, 1 - LEAST_SHARE))
    if darkest <= DARKER * texture:
        return 0.0
    return float(np.percentile(contrast[contrast > 0.5 * darkest], 75))


def _hysteresis(strength: np.ndarray, low: float, high: float) -> np.ndarray:
    """What is above ``low`` and connected to something above ``high`` (Canny 1986, section V)."""
    count, labels = cv2.connectedComponents((strength > low).astype(np.uint8), connectivity=8)
    strong = np.zeros(count, bool)
    strong[labels[strength > high]] = True
    strong[0] = False
    return strong[labels]
