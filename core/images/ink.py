"""Find the ink of a picture: estimate the paper, with its shadows and tints, and divide by it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.images.paper import (
    DARKEST_PAPER,
    SAMPLE,
    noise_of,
    otsu,
    paper_by_closing,
    paper_by_median,
    paper_of_two_tones,
    sloping_paper,
    texture_of,
)
from core.images.pen import MIN_CONTRAST, NOISE_MARGIN, Pen, find_pen

WINDOW = 7.0  # stroke widths: half of such a window is paper even around a very bold 8
MIN_DOT_STEP = 20.0  # levels of 255: a dot of a dithered grey differs from its neighbours by at least this
MIN_DOT_SHARE = 0.06  # of all pixels of a dithered picture are dots; fewer in a drawing with a 1-pixel pen
DITHER_SIGMA = 1.8  # pixels of blur, enough to make the dots disappear
MIN_GRAIN = 2.0  # levels of 255; noise below this needs no smoothing
TEXTURE_MARGIN = 4.0  # ink differs from its paper by at least this many standard deviations of texture
SMALL_DIGIT_SHARE = 1e-4  # of the picture: the darkest pixels, if a digit is too small for Otsu's threshold
SMALL_DIGIT_CONTRAST = 4.0  # times the texture's contrast is the least contrast of such a digit


@dataclass(frozen=True)
class Ink:
    """The ink of a picture, light on black."""

    contrast: np.ndarray  # H×W float32, how much darker than its paper, as a share of the paper's brightness
    strength: np.ndarray  # H×W float32, the contrast scaled from 0 (paper) to 1 (the core of a usual stroke)
    mask: np.ndarray  # H×W bool
    grey: np.ndarray  # H×W float32, 0 to 255, the picture with paper lighter than ink
    faintest: float = 1.0  # the least contrast that stands out from noise and texture


def find_ink(rgb: np.ndarray) -> Ink:
    """Return the ink in an RGB picture (H×W×3 uint8); its mask is empty if nothing stands out."""
    grey, grain = _smooth_grain(_smooth_dither(_grey(rgb)))
    pen = find_pen(grey)
    light_paper = grey if pen.dark else 255.0 - grey
    return _ink_on(_paper(light_paper, pen), light_paper, grain)


def thumbnail_ink(rgb: np.ndarray) -> Ink:
    """Return the ink in a picture too small to have rulings: all that differs from its outermost pixels."""
    grey = _grey(rgb)
    paper, noise = sloping_paper(grey)
    if grey.mean() > paper.mean():
        grey, paper = 255.0 - grey, 255.0 - paper
    contrast = np.clip((paper - grey) / np.maximum(paper, DARKEST_PAPER), 0.0, 1.0)
    floor = 3 * noise / max(float(np.median(paper)), DARKEST_PAPER)
    visible = contrast > max(MIN_CONTRAST, floor)
    peak = float(np.percentile(contrast[visible], 90)) if visible.any() else 1.0
    floor = min(floor, 0.5 * peak)
    strength = np.clip((contrast - floor) / (peak - floor), 0.0, 1.0).astype(np.float32)
    return Ink(contrast, strength, visible & (strength > 0.15), grey)


def stroke_width(mask: np.ndarray) -> float:
    """Return the typical stroke width in a mask, in pixels: area over half the outline; 0 if it is empty."""
    if not mask.any():
        return 0.0
    padded = np.pad(mask.astype(np.uint8), 1)
    contours, _ = cv2.findContours(padded, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    # A contour goes through the centres of the outermost pixels, half a pixel inside the edge.
    outline = sum(cv2.arcLength(contour, closed=True) + 4 for contour in contours)
    return float(2 * mask.sum() / outline)


def _paper(grey: np.ndarray, pen: Pen) -> np.ndarray:
    """Return the paper under every pixel, by the method that suits the pen's width."""
    if pen.drawn:
        return np.full_like(grey, grey[0, 0])
    if pen.two_tones:
        return paper_of_two_tones(grey)
    window = WINDOW * pen.width
    return paper_by_median(grey, window) if 0 < window < 0.6 * min(grey.shape) else paper_by_closing(grey)


def _ink_on(paper: np.ndarray, grey: np.ndarray, grain: float) -> Ink:
    """Return the ink of a picture: all that is darker than its paper by more than noise and texture.

    ``grain`` is the noise of the picture in grey levels.
    """
    relative = (paper - grey) / np.maximum(paper, DARKEST_PAPER)
    contrast = np.clip(relative, 0.0, 1.0)
    noise = max(noise_of(contrast), grain / max(float(np.median(paper[::8, ::8])), DARKEST_PAPER))
    least = max(MIN_CONTRAST, NOISE_MARGIN * noise, TEXTURE_MARGIN * texture_of(relative))
    peak = _peak(contrast, noise)
    if peak < least:
        peak = _small_digit_peak(contrast, peak)
    if peak < least:
        return Ink(contrast, np.zeros_like(contrast), np.zeros(contrast.shape, bool), grey)
    floor = min(0.5 * peak, max(1.5 * noise, 0.06 * peak))
    strength = contrast - np.float32(floor)
    strength /= np.float32(peak - floor)
    np.clip(strength, 0.0, 1.0, out=strength)
    return Ink(contrast, strength, _hysteresis(strength, 0.3, 0.6), grey, least)


def _grey(rgb: np.ndarray) -> np.ndarray:
    """Return the channel in which ink and paper differ most: luminance unless a colour is far clearer.

    A yellow pen is visible in blue only, and a red stamp is invisible in red.
    """
    channels = [cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), *cv2.split(rgb)]
    spreads = [float(np.subtract(*np.percentile(channel[::4, ::4], [99.5, 0.5]))) for channel in channels]
    best = int(np.argmax(spreads))
    chosen = channels[best] if spreads[best] > 1.6 * spreads[0] else channels[0]
    return chosen.astype(np.float32)


def _smooth_grain(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Smooth a large picture by a noisy camera; return it with the noise that remains, in levels.

    A drawing has no noise and is not changed.
    """
    noise = 255 * noise_of(grey / 255)
    if noise < MIN_GRAIN or min(grey.shape) < 100:
        return grey, noise
    sigma = min(2.0, 0.5 + min(grey.shape) / 400)
    # A Gaussian reduces the standard deviation of independent pixels by this factor.
    return cv2.GaussianBlur(grey, (0, 0), sigma), noise / (2 * sigma * np.sqrt(np.pi))


def _smooth_dither(grey: np.ndarray) -> np.ndarray:
    """Smooth a picture whose greys are made of dots, as pictures of 1 bit or of few colours are."""
    steps = np.diff(grey[:: 1 + grey.size // SAMPLE], axis=1)
    left, right = steps[:, :-1], steps[:, 1:]
    dots = -left * right > MIN_DOT_STEP**2  # lighter, or darker, than both neighbours
    if not dots.size or dots.mean() < MIN_DOT_SHARE:
        return grey
    return cv2.GaussianBlur(grey, (0, 0), DITHER_SIGMA)


def _peak(contrast: np.ndarray, noise: float) -> float:
    """Return the contrast of a stroke's core: the upper quartile above Otsu's threshold."""
    ink = contrast[contrast > max(otsu(contrast), MIN_CONTRAST / 2, 3 * noise)]
    return float(np.percentile(ink[:: 1 + len(ink) // SAMPLE], 75)) if len(ink) else 0.0


def _small_digit_peak(contrast: np.ndarray, texture: float) -> float:
    """Return the contrast of the core of one small digit on a large sheet; 0 if nothing is dark enough.

    There Otsu's threshold splits the paper's own texture, whose contrast is ``texture``.
    """
    darkest = float(np.quantile(contrast, 1 - SMALL_DIGIT_SHARE))
    if darkest <= SMALL_DIGIT_CONTRAST * texture:
        return 0.0
    return float(np.percentile(contrast[contrast > 0.5 * darkest], 75))


def _hysteresis(strength: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return, as H×W bool, what is above ``low`` and connected to a pixel above ``high``.

    Source: Canny 1986, section V.
    """
    count, labels = cv2.connectedComponents((strength > low).astype(np.uint8), connectivity=8)
    strong = np.zeros(count, bool)
    strong[labels[strength > high]] = True
    strong[0] = False
    return strong[labels]
