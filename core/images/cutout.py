"""Make the background of a drawn image transparent, where it can be told."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

TOLERANCE = 26  # levels between the background and a pixel that still belongs to it, without the grain
EVEN = 10.0  # levels; a margin whose upper corners differ more is not one background
LEAST, MOST = 0.08, 0.9  # shares of the picture that a background takes
GRAIN = 28  # part of the picture's side over which the grain of a generated background is smoothed
ISLAND = 0.05  # share of the largest part below which another part is a leftover of the background


def without_background(picture: Image.Image) -> Image.Image | None:
    """Return a picture (RGB) as RGBA without what is connected with its upper corners in their colour.

    None where these corners differ, or little or nearly everything would be left.
    """
    pixels = np.array(picture.convert("RGB"))
    smooth = cv2.medianBlur(pixels, 2 * (pixels.shape[0] // GRAIN // 2) + 1)
    height, width = pixels.shape[:2]
    reach = max(1, height // 32)
    corners = smooth[:reach, :reach].reshape(-1, 3), smooth[:reach, -reach:].reshape(-1, 3)
    left, right = (np.median(corner, axis=0) for corner in corners)
    if np.abs(left - right).max() > EVEN:
        return None
    filled = np.zeros((height + 2, width + 2), np.uint8)
    how = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    for seed in ((0, 0), (width - 1, 0)):
        cv2.floodFill(smooth, filled, seed, 0, (TOLERANCE,) * 3, (TOLERANCE,) * 3, how)
    background = ~_without_islands(filled[1:-1, 1:-1] == 0)
    if not LEAST <= background.mean() <= MOST:
        return None
    opaque = cv2.blur(np.where(background, 0, 255).astype(np.uint8), (3, 3))
    return Image.fromarray(np.dstack([pixels, np.where(background, 0, opaque).astype(np.uint8)]))


def _without_islands(shown: np.ndarray) -> np.ndarray:
    """Return a mask (H×W bool) without the parts that are much smaller than its largest."""
    _, labels, figures, _ = cv2.connectedComponentsWithStats(shown.astype(np.uint8))
    areas = figures[1:, cv2.CC_STAT_AREA]
    if not len(areas):
        return shown
    return np.isin(labels, 1 + np.flatnonzero(areas >= ISLAND * areas.max()))
