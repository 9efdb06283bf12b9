"""Convert the ink of one glyph to MNIST's format, and from this to EMNIST's.

MNIST's digits were scaled to fit 20×20 pixels with their proportions kept, anti-aliased, and put into 28×28
with their centre of mass at its centre (LeCun, Cortes, Burges, The MNIST database of handwritten digits).
EMNIST's letters fill 24×24 pixels, and the middle of their box is the image's; they are a little softer
(Cohen, Afshar, Tapson, van Schaik 2017, section II.B).
"""

from __future__ import annotations

import cv2
import numpy as np

from core.images.ink import stroke_width

SIDE = 28
BOX = 20
CENTRE = 14.0  # where the centres of mass of MNIST's images lie, counted from the middle of the first pixel
THIN, THICK = 1.7, 4.4  # nine in ten of MNIST's strokes are between these widths, in pixels of 28×28
EMNIST_BOX = 24  # the longer side of most of EMNIST's letters
EMNIST_SOFTNESS = (
    0.5  # pixels, a Gaussian's sigma: gives an enlarged digit the soft edges of EMNIST's letters
)
OVERSAMPLING = 4  # strokes are thickened on a grid this many times finer than the result


def normalise(ink: np.ndarray) -> np.ndarray:
    """Convert the ink of one glyph (H×W, light on dark: float from 0 to 1, or uint8) to 28×28 uint8.

    Without ink the result is black.
    """
    ink = ink.astype(np.float32) / (255.0 if ink.dtype == np.uint8 else 1.0)
    ink = _crop(ink)
    if not ink.any():
        return np.zeros((SIDE, SIDE), np.uint8)
    small = _fit(_strengthen(ink))
    return np.round(255 * np.clip(_centre(small), 0, 1)).astype(np.uint8)


def as_in_emnist(image: np.ndarray) -> np.ndarray:
    """Return a glyph in MNIST's format (28×28 uint8) in EMNIST's format: larger, softer, its box centred."""
    ink = _crop(image.astype(np.float32) / 255)
    ink = _resize(ink, EMNIST_BOX / max(ink.shape))
    down, across = (SIDE - ink.shape[0]) // 2, (SIDE - ink.shape[1]) // 2
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[down : down + ink.shape[0], across : across + ink.shape[1]] = ink
    return np.round(255 * cv2.GaussianBlur(canvas, (0, 0), EMNIST_SOFTNESS).clip(0, 1)).astype(np.uint8)


def _crop(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero((ink > 0.15).any(axis=1))[0], np.nonzero((ink > 0.15).any(axis=0))[0]
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _strengthen(ink: np.ndarray) -> np.ndarray:
    """Raise the core of the ink to full strength: the grey of a pencil would look like blur."""
    core = float(np.percentile(ink[ink > 0.25], 80)) if (ink > 0.25).any() else 1.0
    return np.clip(ink / max(core, 0.2), 0, 1)


def _fit(ink: np.ndarray) -> np.ndarray:
    """Scale the ink to fit 20×20; make strokes that are too thin or too thick more like MNIST's."""
    scale = BOX / max(ink.shape)
    width = stroke_width(ink > 0.5) * scale
    if abs(max(ink.shape) - BOX) <= 1 and THIN * 0.6 <= width <= THICK:
        return ink  # it has MNIST's size already, and resampling would blur it
    fine = _resize(ink, OVERSAMPLING * scale)
    if width < THIN:
        fine = _thicken(fine, (THIN + 0.4 - width) / 2 * OVERSAMPLING)
    elif width > THICK:
        fine = _thin(fine, (width - THICK) / 2 * OVERSAMPLING)
    return _resize(_crop(fine), BOX / max(_crop(fine).shape))


def _thicken(ink: np.ndarray, pixels: float) -> np.ndarray:
    """Thicken strokes by so many pixels on each side."""
    reach = round(pixels)
    return cv2.dilate(np.pad(ink, reach), _disc(reach)) if reach else ink


def _thin(ink: np.ndarray, pixels: float) -> np.ndarray:
    """Make strokes thinner by so many pixels on each side, also where they touch the image's edge."""
    reach = round(pixels)
    return cv2.erode(np.pad(ink, reach), _disc(reach)) if reach else ink


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _resize(ink: np.ndarray, scale: float) -> np.ndarray:
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    return cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def _centre(ink: np.ndarray) -> np.ndarray:
    """Place the ink in 28×28 so that its centre of mass lies at the centre."""
    height, width = ink.shape
    total = max(float(ink.sum()), 1e-6)
    row = float((ink.sum(axis=1) * np.arange(height)).sum()) / total
    column = float((ink.sum(axis=0) * np.arange(width)).sum()) / total
    top = int(np.clip(round(CENTRE - row), 0, max(0, SIDE - height)))
    left = int(np.clip(round(CENTRE - column), 0, max(0, SIDE - width)))
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[top : top + height, left : left + width] = ink[:SIDE, :SIDE]
    return canvas
