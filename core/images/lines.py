"""Rulings, squares and the frames of form boxes: found as long straight lines, and taken out of the ink."""

from __future__ import annotations

import cv2
import numpy as np

from core.images.ink import stroke_width

SPAN = 0.6  # of the picture's width or height; shorter lines may be strokes
THICKEST = 0.06  # of the picture's height
HOUGH_SIDE = 800  # a line that long need not be looked for in more pixels
FULL, MOST_SEGMENTS = 0.3, 500  # beyond these it is no ruled page, and looking would take seconds
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
    for x1, y1, x2, y2 in _segments(flat):
        if abs(y2 - y1) <= SLOPE * abs(x2 - x1):
            cv2.line(found, (x1, y1), (x2, y2), 1, 1)
    # The whole thickness of the line: what lies flat and close to it.
    reach = np.ones((2 * max(1, round(height * THICKEST / 2)) + 1, 1), np.uint8)
    return cv2.dilate(found, reach).astype(bool) & flat.astype(bool)


def _segments(flat: np.ndarray) -> np.ndarray:
    """The long straight segments in a mask, M×4: x1, y1, x2, y2; none in one that is full of ink."""
    scale = max(1.0, max(flat.shape) / HOUGH_SIDE)
    size = (max(1, round(flat.shape[1] / scale)), max(1, round(flat.shape[0] / scale)))
    small = (cv2.resize(flat * 255, size, interpolation=cv2.INTER_AREA) > 64).astype(np.uint8)
    if not small.any() or small.mean() > FULL:
        return np.empty((0, 4), int)
    width = size[0]
    segments = cv2.HoughLinesP(
        small, 1, np.pi / 360, threshold=max(8, round(0.4 * width)),
        minLineLength=SPAN * width, maxLineGap=max(2, width / 25),
    )  # fmt: skip
    if segments is None:
        return np.empty((0, 4), int)
    return np.round(np.asarray(segments).reshape(-1, 4)[:MOST_SEGMENTS] * scale).astype(int)


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
