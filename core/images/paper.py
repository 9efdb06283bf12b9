"""What the paper is like under the ink: its brightness at every pixel, and its texture.

Greys are H×W float32 from 0 to 255, with the paper the lighter; so are the papers returned.
"""

from __future__ import annotations

import cv2
import numpy as np

SMALL_SIDE = 320  # shadows are smooth, so paper is estimated on a small copy
DARKEST_PAPER = 24.0  # of 255; below it, division would turn noise into ink
WINDOW_PIXELS = 31  # the median is taken on a copy as small as this window allows
APART = 64  # of a side lie between two pixels whose difference is texture
SAMPLE = 100_000  # pixels are enough for a percentile
TWO_TONES = 0.88  # of the variance lies between the two tones of a drawing; 0.75 in an even slope


def paper_at_large(grey: np.ndarray) -> np.ndarray:
    """The paper for strokes as wide as a third of the picture.

    First a closing, which removes all that is dark and narrower than that; then, with the ink roughly known,
    the mean of the paper near by.
    """
    small = shrunk(grey, SMALL_SIDE)
    smaller = shrunk(small, SMALL_SIDE // 2)  # a closing costs the fourth power of the side, and is blurred
    size = max(3, round(min(smaller.shape) / 3) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(cv2.medianBlur(smaller.astype(np.uint8), 3), cv2.MORPH_CLOSE, kernel)
    rough = _stretched(cv2.GaussianBlur(closed.astype(np.float32), (0, 0), size / 6), small.shape)
    contrast = np.clip((rough - small) / np.maximum(rough, DARKEST_PAPER), 0.0, 1.0)
    return _stretched(_around(small, contrast > 0.6 * otsu(contrast), rough), grey.shape)


def paper_near(grey: np.ndarray, window: float) -> np.ndarray:
    """The paper as the median of a window, most of which is paper; a median keeps the edge of a shadow."""
    scale = min(1.0, WINDOW_PIXELS / window)
    small = shrunk(grey, round(scale * max(grey.shape)))
    paper = cv2.medianBlur(small.astype(np.uint8), max(3, round(window * scale) | 1))
    return _stretched(cv2.GaussianBlur(paper.astype(np.float32), (0, 0), 1.0), grey.shape)


def paper_of_two_tones(grey: np.ndarray) -> np.ndarray:
    """The paper as the lighter of two tones, for ink however wide."""
    small = shrunk(grey, SMALL_SIDE)
    dark = darker_tone(small)
    return _stretched(_around(small, dark, np.full_like(small, np.median(small[~dark]))), grey.shape)


def has_two_tones(grey: np.ndarray) -> bool:
    """Whether it is a drawing or as even as one: two tones, each nearly the same wherever it is.

    The share of the variance that lies between the tones is Otsu's η (Otsu 1979, equation 11).
    """
    small = shrunk(grey, SMALL_SIDE)
    dark = darker_tone(small)
    if dark.all() or not dark.any():
        return False
    within = dark.mean() * small[dark].var() + (~dark).mean() * small[~dark].var()
    return bool(within < (1 - TWO_TONES) * small.var())


def _around(grey: np.ndarray, dark: np.ndarray, rough: np.ndarray) -> np.ndarray:
    """The mean of what is near by and not ``dark`` (H×W bool); deep inside the dark, the rough estimate."""
    is_paper = (cv2.dilate(dark.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0).astype(np.float32)
    sigma = max(2.0, min(grey.shape) / 24)
    weight = cv2.GaussianBlur(is_paper, (0, 0), sigma)
    near = cv2.GaussianBlur(grey * is_paper, (0, 0), sigma) / np.maximum(weight, 1e-3)
    trust = np.clip(weight / 0.05, 0.0, 1.0)
    return trust * near + (1 - trust) * rough


def sloping_paper(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """The plane through the picture's outermost pixels, and by how much these differ from it.

    Ink that runs over the edge counts little (iteratively reweighted least squares: Holland, Welsch 1977).
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
    """The standard deviation of noise, from the commonest differences of neighbours."""
    return _deviation(contrast, 1)


def texture_of(contrast: np.ndarray) -> float:
    """The same of the paper's grain and blotches, from pixels further apart; strokes are too few to count."""
    return _deviation(contrast, max(1, min(contrast.shape) // APART))


def _deviation(values: np.ndarray, apart: int) -> float:
    if min(values.shape) <= apart:
        return 0.0
    rows = values[:: 1 + values.size // SAMPLE]
    differences = np.abs(rows[:, apart:] - rows[:, :-apart])
    return float(1.4826 * np.median(differences) / np.sqrt(2))


def darker_tone(grey: np.ndarray) -> np.ndarray:
    """Where a grey is of the darker of its two tones, bool of the same shape."""
    return grey <= 255 * otsu(grey / 255)


def otsu(contrast: np.ndarray) -> float:
    """Otsu's threshold of values from 0 to 1."""
    levels = np.round(255 * contrast).astype(np.uint8)
    return cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0] / 255


def shrunk(grey: np.ndarray, side: int) -> np.ndarray:
    """A copy whose longer side has ``side`` pixels at most."""
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(2, round(grey.shape[1] * scale)), max(2, round(grey.shape[0] * scale)))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def _stretched(paper: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.resize(paper, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
