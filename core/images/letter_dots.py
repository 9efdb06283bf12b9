"""Find the dots that belong to an i or a j."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.images.components import Piece

MAX_DOT, MIN_DOT = 0.35, 0.04  # of the height of its stem: the longer side of a dot
MAX_GAP = 0.7  # of the same height: the most between dot and stem
MAX_SHIFT = 0.4  # of the same height: how far beside its stem the middle of a dot may lie
MAX_WIDTH = 0.8  # of the same height: a wider glyph is no i or j
MAX_LENGTH = 3.0  # longer side of a dot by its shorter one; a dot in haste is a short stroke


def dotted(glyphs: Sequence[Piece], specks: Sequence[Piece]) -> dict[int, Piece]:
    """Return glyphs with their dots, by their indices; a glyph without a dot is missing.

    ``specks`` are pieces too small to be glyphs. A dot goes to the nearest slim glyph below it, and a glyph
    has one dot, the nearest.
    """
    slim = [i for i, glyph in enumerate(glyphs) if _is_slim(glyph)]
    if not slim or not specks:
        return {}
    stems = np.array([glyphs[i].box for i in slim], float)
    nearest: dict[int, tuple[float, Piece]] = {}
    for speck in specks:
        distances = _distances(speck, stems)
        best = int(distances.argmin())
        place = slim[best]
        if distances[best] < nearest.get(place, (np.inf, speck))[0]:  # never where no stem fits
            nearest[place] = float(distances[best]), speck
    return {place: _joined(glyphs[place], speck) for place, (_, speck) in nearest.items()}


def _is_slim(glyph: Piece) -> bool:
    left, top, right, bottom = glyph.box
    return right - left <= MAX_WIDTH * (bottom - top)


def _distances(speck: Piece, stems: np.ndarray) -> np.ndarray:
    """Return how far a speck is from each stem (N×4), in its heights; infinite if it is no dot of it."""
    left, top, right, bottom = speck.box
    short, long = sorted((right - left, bottom - top))
    height = stems[:, 3] - stems[:, 1]
    gap = (stems[:, 1] - bottom) / height
    middle = (left + right) / 2
    shift = np.maximum(0, np.maximum(stems[:, 0] - middle, middle - stems[:, 2])) / height
    fits = (gap >= -0.15) & (gap <= MAX_GAP) & (shift <= MAX_SHIFT)
    fits &= (MIN_DOT * height <= long) & (long <= MAX_DOT * height) & (long <= MAX_LENGTH * max(1, short))
    return np.where(fits, np.hypot(np.maximum(gap, 0), shift), np.inf)


def _joined(glyph: Piece, dot: Piece) -> Piece:
    """Return the ink of a glyph and its dot as one piece."""
    boxes = np.array([glyph.box, dot.box])
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    mask = np.zeros((bottom - top, right - left), bool)
    for piece in (glyph, dot):
        x, y = piece.box[0] - left, piece.box[1] - top
        mask[y : y + piece.mask.shape[0], x : x + piece.mask.shape[1]] |= piece.mask
    return Piece((left, top, right, bottom), mask, glyph.line)
