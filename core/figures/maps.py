"""Maps of numbers as small pictures, one pixel a cell: for people to look at, and to click."""

from __future__ import annotations

import numpy as np

GAP = 1  # pixels between the maps of a mosaic
POSITIVE = (219, 39, 119)  # pink and blue, as in the maps that say why
NEGATIVE = (8, 145, 178)


def coloured(values: np.ndarray, peak: float | None = None, *, signed: bool = False) -> np.ndarray:
    """Numbers (H×W) as RGBA (H×W×4 uint8): white on black where none is negative, else pink and blue.

    ``peak`` is what is shown at full strength, without it the greatest absolute value; ``signed`` asks for
    pink and blue in any case.
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
    """All maps of a layer (H×W×K) side by side, row by row, each at its own strength: RGBA, gaps clear.

    Each tile has its gap below and to the right, so that tiles are all of one size.
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


def laid_over(image: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """An image (H×W×C, 0 to 1) with numbers of each of its pixels (H×W×C) over it: H×W×3 uint8.

    Pink where a pixel's channels should on the whole be brighter, blue where darker, the strongest in full.
    """
    over = coloured(slopes.mean(axis=-1), signed=True).astype(float)
    share = over[..., 3:] / 255
    under = np.broadcast_to(255 * np.clip(image, 0, 1), (*image.shape[:2], 3))
    return np.round((1 - share) * under + share * over[..., :3]).astype(np.uint8)
