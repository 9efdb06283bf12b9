"""Write digits again with any pen: find the middle line of a 28×28 digit, and draw strokes along it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

FINE = 6  # the middle line is found on a grid this much finer than the digit's
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def written(digit: np.ndarray, side: float, width: float, smooth: bool = True) -> np.ndarray:
    """Return a digit (28×28 uint8) drawn by a pen of ``width`` pixels, as float32 from 0 to 1, cropped.

    Its 20 pixels become ``side`` pixels. Without ``smooth`` pixels are 0 or 1, as in simple paint programs.
    """
    thin, even = _middle_points(digit.tobytes())
    finer = 4 if smooth and side < 500 else 1
    scale = finer * side / (20 * FINE)
    places = {tuple(p): np.round(16 * scale * q) for p, q in zip(thin, even, strict=True)}
    margin = round(finer * width) + 4
    extent = (np.ceil(thin.max(axis=0) * scale) + 2 * margin).astype(int)
    sheet = np.zeros(extent, np.uint8)
    for (row, column), place in places.items():
        for down, right in ((0, 0), (0, 1), (1, 0), (1, 1), (1, -1)):
            other = places.get((row + down, column + right))
            if other is not None:
                ends = ((p[::-1] + 16 * margin).astype(int).tolist() for p in (place, other))
                cv2.line(
                    sheet, *ends, 255, max(1, round(finer * width)), cv2.LINE_AA if smooth else cv2.LINE_8, 4
                )
    small = cv2.resize(sheet, None, fx=1 / finer, fy=1 / finer, interpolation=cv2.INTER_AREA)
    left, top, wide, tall = cv2.boundingRect((small > 20).astype(np.uint8))
    return small[top : top + tall, left : left + wide].astype(np.float32) / 255


@lru_cache(maxsize=256)  # a benchmark writes the same digits with many pens
def _middle_points(digit: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle line of 28×28 bytes as points (N×2: row, column) on the finer grid, and smoothed."""
    points = np.argwhere(_middle_line(np.frombuffer(digit, np.uint8).reshape(28, 28)))
    return points, _smoothed(points.astype(float))


def _middle_line(digit: np.ndarray) -> np.ndarray:
    """Thin a digit to lines of one pixel on the finer grid (Zhang, Suen 1984)."""
    large = cv2.resize(digit.astype(np.float32) / 255, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    thin = np.pad(cv2.GaussianBlur(large, (0, 0), FINE / 3) > 0.4, 1)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            around = [np.roll(thin, (-down, -right), (0, 1)) for down, right in _AROUND]
            count = sum(n.astype(int) for n in around)
            steps = sum((~around[i] & around[(i + 1) % 8]).astype(int) for i in range(8))
            up, right, down, left = around[0], around[2], around[4], around[6]
            ends = (
                ~(up & right & down) & ~(right & down & left)
                if first
                else ~(up & right & left) & ~(up & down & left)
            )
            gone = thin & (count >= 2) & (count <= 6) & (steps == 1) & ends
            changed |= bool(gone.any())
            thin = thin & ~gone
    return thin[1:-1, 1:-1]


def _smoothed(points: np.ndarray) -> np.ndarray:
    """Move each point to the mean of its neighbours, because a thinned line is jagged."""
    distance = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    weight = np.where(distance > 64, 0.0, np.exp(-distance / 18))
    return weight @ points / weight.sum(axis=1, keepdims=True)
