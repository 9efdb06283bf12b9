"""Bring one glyph's ink to MNIST's own convention.

MNIST's digits were scaled to fit 20×20 pixels with their proportions kept, anti-aliased, and put into 28×28
with their centre of mass at its centre (LeCun, Cortes, Burges, The MNIST database of handwritten digits).
"""

from __future__ import annotations

import cv2
import numpy as np

from core.images.ink import stroke_width

SIDE = 28
BOX = 20
CENTRE = 14.0  # where the centres of mass of MNIST's images lie, counted from the middle of the first pixel
THIN, THICK = 1.7, 4.4  # of MNIST's strokes nine in ten lie between, in pixels of the 28×28 image
FINE = 4  # strokes are thickened on a grid this much finer than the result


def prepare(ink: np.ndarray) -> np.ndarray:
    """Return the ink of one glyph (H×W, light on dark: float 0 to 1 or uint8) as 28×28 uint8.

    An image without ink becomes black.
    """
    ink = ink.astype(np.float32) / (255.0 if ink.dtype == np.uint8 else 1.0)
    ink = _cropped(ink)
    if not ink.any():
        return np.zeros((SIDE, SIDE), np.uint8)
    small = _fitted(_evened(ink))
    return np.round(255 * np.clip(_centred(small), 0, 1)).astype(np.uint8)


def _cropped(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero((ink > 0.15).any(axis=1))[0], np.nonzero((ink > 0.15).any(axis=0))[0]
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _evened(ink: np.ndarray) -> np.ndarray:
    """Bring the core of the ink to full strength: a pencil's grey would read as a blur."""
    core = float(np.percentile(ink[ink > 0.25], 80)) if (ink > 0.25).any() else 1.0
    return np.clip(ink / max(core, 0.2), 0, 1)


def _fitted(ink: np.ndarray) -> np.ndarray:
    """Scale into 20×20, and bring strokes of an unusual width towards those of MNIST."""
    scale = BOX / max(ink.shape)
    width = stroke_width(ink > 0.5) * scale
    if abs(max(ink.shape) - BOX) <= 1 and THIN * 0.6 <= width <= THICK:
        return ink  # it is MNIST's size already: a copy would only blur it
    fine = _resized(ink, FINE * scale)
    if width < THIN:
        fine = _grown(fine, (THIN + 0.4 - width) / 2 * FINE)
    elif width > THICK:
        fine = 1 - _grown(1 - np.pad(fine, FINE), (width - THICK) / 2 * FINE)
    return _resized(_cropped(fine), BOX / max(_cropped(fine).shape))


def _grown(ink: np.ndarray, pixels: float) -> np.ndarray:
    """Widen strokes by so many pixels on each side."""
    reach = round(pixels)
    if reach < 1:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate(np.pad(ink, reach), kernel)


def _resized(ink: np.ndarray, scale: float) -> np.ndarray:
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    return cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def _centred(ink: np.ndarray) -> np.ndarray:
    """Place in 28×28 so that the centre of mass lies at its centre."""
    height, width = ink.shape
    total = max(float(ink.sum()), 1e-6)
    row = float((ink.sum(axis=1) * np.arange(height)).sum()) / total
    column = float((ink.sum(axis=0) * np.arange(width)).sum()) / total
    top = int(np.clip(round(CENTRE - row), 0, max(0, SIDE - height)))
    left = int(np.clip(round(CENTRE - column), 0, max(0, SIDE - width)))
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[top : top + height, left : left + width] = ink[:SIDE, :SIDE]
    return canvas
