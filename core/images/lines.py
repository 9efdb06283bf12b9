"""Rulings, squares and the frames of form boxes: found as long straight lines, and taken out of the ink."""

from __future__ import annotations

import cv2
import numpy as np

from core.images.ink import stroke_width

SPAN = 0.6  # of the picture's width or height; shorter lines may be strokes
THICKEST = 0.06  # of the picture's height
SLOPE = 0.12  # a photographed page is rarely turned by more


def without_rulings(mask: np.ndarray) -> np.ndarray:
    """The mask (H×W bool) without lines across the picture; strokes that cross a line keep their pixels."""
    across = _lines(mask)
    down = _lines(np.ascontiguousarray(mask.T))
    if not _are_rulings(mask, across, down.T):
        return mask
    kept = _erased(mask, across)
    return np.ascontiguousarray(_erased(np.ascontiguousarray(kept.T), down).T)


def _are_rulings(mask: np.ndarray, across: np.ndarray, down: np.ndarray) -> bool:
    """Whether the lines are the paper's: something else is written, and they are not part of one digit.

    A 1, 4 or 7 that fills its picture has a straight stroke of that length too, but then one alone, as thick
    as the rest of the digit.
    """
    found = across | down
    if not found.any():
        return False
    rest = mask & ~found
    if rest.sum() < 0.15 * mask.sum():
        return False
    parallel = max(_count(across), _count(down)) > 1
    thin = stroke_width(found) < 0.6 * stroke_width(rest)
    return parallel or thin


def _lines(mask: np.ndarray) -> np.ndarray:
    """The pixels of nearly horizontal straight lines across the picture."""
    height, width = mask.shape
    shortest = max(3, round(width / 16))
    flat = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    found = np.zeros_like(flat)
    segments = cv2.HoughLinesP(
        flat, 1, np.pi / 360, threshold=max(8, round(0.4 * width)),
        minLineLength=SPAN * width, maxLineGap=max(2, width / 25),
    )  # fmt: skip
    if segments is None:
        return found.astype(bool)
    for x1, y1, x2, y2 in segments.reshape(-1, 4):
        if abs(y2 - y1) <= SLOPE * abs(x2 - x1):
            cv2.line(found, (int(x1), int(y1)), (int(x2), int(y2)), 1, 1)
    # The whole thickness of the line: what lies flat and close to it.
    reach = np.ones((2 * max(1, round(height * THICKEST / 2)) + 1, 1), np.uint8)
    return cv2.dilate(found, reach).astype(bool) & flat.astype(bool)


def _erased(mask: np.ndarray, line: np.ndarray) -> np.ndarray:
    """The mask without the line, but with what runs through it: columns much higher than the line."""
    if not line.any():
        return mask
    thick = 2 * max(1.0, stroke_width(line))
    runs = _vertical_runs(mask)
    return mask & ~(line & (runs <= thick + 1))


def _vertical_runs(mask: np.ndarray) -> np.ndarray:
    """For every pixel of the mask, the length of the vertical run that it lies in."""
    height = mask.shape[0]
    rows = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, height, rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0)


def _count(line: np.ndarray) -> int:
    return cv2.connectedComponents(line.astype(np.uint8))[0] - 1
