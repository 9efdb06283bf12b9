"""Draw maps of numbers as small pictures, one pixel for each cell."""

from __future__ import annotations

import math

import numpy as np

GAP = 1  # pixels between the maps of a mosaic
POSITIVE = (219, 39, 119)  # pink and blue, as in explanations
NEGATIVE = (8, 145, 178)


def coloured(values: np.ndarray, peak: float | None = None, *, signed: bool = False) -> np.ndarray:
    """Return numbers (H×W) as RGBA (H×W×4 uint8): white on black if none is negative, else pink and blue.

    ``peak`` is shown at full strength; by default it is the greatest absolute value. ``signed`` gives pink
    and blue in any case.
    """
    peak = max(float(np.abs(values).max()) if peak is None else peak, 1e-6)
    share = np.clip(np.abs(values) / peak, 0, 1)
    rgba = np.empty((*values.shape, 4), np.uint8)
    if not signed and (values >= 0).all():
        rgba[..., :3] = np.round(255 * share)[..., None]
        rgba[..., 3] = 255
        return rgba
    rgba[..., :3] = np.where((values < 0)[..., None], NEGATIVE, POSITIVE)
    rgba[..., 3] = np.round(255 * share)
    return rgba


def mosaic(maps: np.ndarray, columns: int) -> np.ndarray:
    """Return all maps of a layer (H×W×K) side by side, row by row, as RGBA with transparent gaps.

    Each tile has its gap below and to the right, so that all tiles have the same size.
    """
    height, width, count = maps.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * (height + GAP), columns * (width + GAP), 4), np.uint8)
    peak = float(np.abs(maps).max())
    signed = bool((maps < 0).any())
    for k in range(count):
        top, left = (k // columns) * (height + GAP), (k % columns) * (width + GAP)
        tile = coloured(maps[..., k], peak if signed else None, signed=signed)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def columns(count: int) -> int:
    """Return the number of columns in which so many cells come closest to a square."""
    return max(1, math.ceil(math.sqrt(count)))


def squared(values: np.ndarray) -> np.ndarray:
    """Return numbers (N) row by row in as many columns as ``columns`` says; cells left over are 0."""
    width = columns(len(values))
    filled = np.zeros(-(-len(values) // width) * width)
    filled[: len(values)] = values
    return filled.reshape(-1, width)


def is_grey(image: np.ndarray) -> bool:
    """Return whether the planes of an image (H×W×C) are all alike."""
    return bool((image == image[..., :1]).all())


def as_pixels(image: np.ndarray) -> np.ndarray:
    """Return an image of numbers from 0 to 1 as uint8; numbers beyond are clipped."""
    return np.round(255 * np.clip(image, 0, 1)).astype(np.uint8)


def laid_over(image: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Return an image (H×W×C, 0 to 1) with a number for each of its values over it (H×W×3 uint8).

    Pink where a pixel should on average be brighter, blue where darker; the strongest is opaque.
    """
    over = coloured(slopes.mean(axis=-1), signed=True).astype(float)
    share = over[..., 3:] / 255
    under = np.broadcast_to(255 * np.clip(image, 0, 1), (*image.shape[:2], 3))
    return np.round((1 - share) * under + share * over[..., :3]).astype(np.uint8)


def tint_rows(images: np.ndarray, rows: int) -> np.ndarray:
    """Return grey images (N×H×W uint8) as N×H×W×3 uint8, their first rows in light blue."""
    tinted = np.repeat(images[..., None], 3, axis=3)
    tinted[:, :rows] = np.round(tinted[:, :rows] * np.float32([0.62, 0.72, 1.0])).astype(np.uint8)
    return tinted
