"""Estimate the paper under the ink: its brightness at every pixel, its noise and its texture.

Greys are H×W float32 from 0 to 255, with paper lighter than ink; the returned papers are of the same kind.
"""

from __future__ import annotations

import cv2
import numpy as np

SMALL_SIDE = 320  # pixels; shadows are smooth, so a small copy suffices to estimate the paper
DARKEST_PAPER = 24.0  # of 255; division by a darker paper would turn noise into ink
MEDIAN_WINDOW = 31  # pixels; the picture is reduced until the window of the median has this size
TEXTURE_STEPS = 64  # per side: the distance between two pixels whose difference is texture
SAMPLE = 100_000  # pixels, enough for a percentile
MIN_BETWEEN_TONES = 0.88  # of the variance is between the two tones of a drawing; 0.75 in an even slope


def paper_by_closing(grey: np.ndarray) -> np.ndarray:
    """Return the paper under strokes up to a third of the picture wide.

    A closing removes everything dark that is narrower; with the ink roughly known, the mean of the nearby
    paper follows.
    """
    small = shrink(grey, SMALL_SIDE)
    smaller = shrink(small, SMALL_SIDE // 2)  # a closing costs the fourth power of the side
    size = max(3, round(min(smaller.shape) / 3) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(cv2.medianBlur(smaller.astype(np.uint8), 3), cv2.MORPH_CLOSE, kernel)
    rough = _enlarge(cv2.GaussianBlur(closed.astype(np.float32), (0, 0), size / 6), small.shape)
    contrast = np.clip((rough - small) / np.maximum(rough, DARKEST_PAPER), 0.0, 1.0)
    return _enlarge(_mean_nearby(small, contrast > 0.6 * otsu(contrast), rough), grey.shape)


def paper_by_median(grey: np.ndarray, window: float) -> np.ndarray:
    """Return the paper as the median of a window (pixels) that is mostly paper; it keeps edges of shadows."""
    scale = min(1.0, MEDIAN_WINDOW / window)
    small = shrink(grey, round(scale * max(grey.shape)))
    paper = cv2.medianBlur(small.astype(np.uint8), max(3, round(window * scale) | 1))
    return _enlarge(cv2.GaussianBlur(paper.astype(np.float32), (0, 0), 1.0), grey.shape)


def paper_of_two_tones(grey: np.ndarray) -> np.ndarray:
    """Return the paper as the lighter of two tones, for ink of any width."""
    small = shrink(grey, SMALL_SIDE)
    dark = darker_tone(small)
    return _enlarge(_mean_nearby(small, dark, np.full_like(small, np.median(small[~dark]))), grey.shape)


def has_two_tones(grey: np.ndarray) -> bool:
    """Return whether a picture has two tones that are nearly the same everywhere, as a drawing has.

    The measure is the share of the variance that lies between the tones, η of Otsu 1979, equation 11.
    """
    small = shrink(grey, SMALL_SIDE)
    dark = darker_tone(small)
    if dark.all() or not dark.any():
        return False
    within = dark.mean() * small[dark].var() + (~dark).mean() * small[~dark].var()
    return bool(within < (1 - MIN_BETWEEN_TONES) * small.var())


def _mean_nearby(grey: np.ndarray, dark: np.ndarray, rough: np.ndarray) -> np.ndarray:
    """Return the mean of nearby pixels that are not ``dark`` (H×W bool); far from any, the rough estimate."""
    is_paper = (cv2.dilate(dark.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0).astype(np.float32)
    sigma = max(2.0, min(grey.shape) / 24)
    weight = cv2.GaussianBlur(is_paper, (0, 0), sigma)
    near = cv2.GaussianBlur(grey * is_paper, (0, 0), sigma) / np.maximum(weight, 1e-3)
    trust = np.clip(weight / 0.05, 0.0, 1.0)
    return trust * near + (1 - trust) * rough


def sloping_paper(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Return a plane through the outermost pixels, and the standard deviation of these from it.

    Ink on the edge has little weight (iteratively reweighted least squares: Holland, Welsch 1977).
    """
    y, x = np.mgrid[-1 : 1 : grey.shape[0] * 1j, -1 : 1 : grey.shape[1] * 1j]
    terms = np.stack([np.ones_like(x), x, y], axis=-1)
    rim = np.ones(grey.shape, bool)
    rim[1:-1, 1:-1] = False
    plane = np.array([np.median(grey[rim]), 0.0, 0.0])
    for _ in range(10):
        rest = np.abs(grey[rim] - terms[rim] @ plane)
        weight = 1 / np.maximum(rest, 1.0)
        plane = np.linalg.lstsq(terms[rim] * weight[:, None], grey[rim] * weight, rcond=None)[0]
    rest = np.abs(grey[rim] - terms[rim] @ plane)
    return (terms @ plane).astype(np.float32), float(1.4826 * np.median(rest))


def noise_of(contrast: np.ndarray) -> float:
    """Return the standard deviation of noise, from the median difference of neighbours."""
    return _deviation(contrast, 1)


def texture_of(contrast: np.ndarray) -> float:
    """Return the standard deviation of the paper's grain and blotches, from pixels further apart.

    Strokes are too few to change the median difference.
    """
    return _deviation(contrast, max(1, min(contrast.shape) // TEXTURE_STEPS))


def _deviation(values: np.ndarray, distance: int) -> float:
    """Return the standard deviation of values, from the median difference of pixels at a distance."""
    if min(values.shape) <= distance:
        return 0.0
    rows = values[:: 1 + values.size // SAMPLE]
    differences = np.abs(rows[:, distance:] - rows[:, :-distance])
    return float(1.4826 * np.median(differences) / np.sqrt(2))


def darker_tone(grey: np.ndarray) -> np.ndarray:
    """Return, as bool of the same shape, where a grey belongs to the darker of its two tones."""
    return grey <= 255 * otsu(grey / 255)


def otsu(contrast: np.ndarray) -> float:
    """Return Otsu's threshold of values from 0 to 1."""
    levels = np.round(255 * contrast).astype(np.uint8)
    return cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0] / 255


def shrink(pixels: np.ndarray, side: int) -> np.ndarray:
    """Return a copy of a picture (H×W or H×W×3) whose longer side has at most ``side`` pixels."""
    scale = side / max(pixels.shape)
    if scale >= 1:
        return pixels
    size = (max(2, round(pixels.shape[1] * scale)), max(2, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _enlarge(paper: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.resize(paper, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
