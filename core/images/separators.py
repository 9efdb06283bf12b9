"""Tell the strokes that divide numbers, as in 13/01/2023, from 1s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.images.components import Piece

BEYOND = 0.03  # of its height: how far such a stroke reaches above the glyphs beside it, and below them
MIN_LEAN, ALIKE = 0.22, 0.12  # columns a row to the right: its own, and its difference from a 1's
AS_LONG = 0.93  # of its height is the least of a 1 that is as long
SLIM = 0.3  # of its height is its greatest width across
STRAIGHT = 0.36  # of that width: the deviation from its middle line, 0.29 of an even stroke


def separators(pieces: Sequence[Piece]) -> set[int]:
    """Return which pieces, sorted by lines and in them from left to right, divide numbers.

    Such a stroke is straight, leans to the right, and is longer at both ends than the glyphs on both sides of
    it. No 1 of its line is as long and leans as far.
    """
    leans = {i: lean for i, piece in enumerate(pieces) if (lean := _lean(piece)) is not None}
    found = {i for i, lean in leans.items() if lean >= MIN_LEAN and _reaches_beyond(pieces, i)}
    ones = leans.keys() - found
    return {i for i in found if not any(_is_alike(pieces[i], pieces[j], leans[i] - leans[j]) for j in ones)}


def _lean(piece: Piece) -> float | None:
    """Return by how many columns a row a straight slim stroke leans to the right; None for other pieces."""
    rows, columns = np.nonzero(piece.mask)
    tall = piece.mask.shape[0]
    width = len(rows) / tall
    if width > SLIM * tall or tall < 5:
        return None
    slope, middle = np.polyfit(rows, columns, 1)
    deviation = float(np.std(columns - slope * rows - middle))
    return float(-slope) if deviation <= STRAIGHT * width + 0.3 else None


def _is_alike(stroke: Piece, one: Piece, further: float) -> bool:
    """Return whether a 1 is on the line of a stroke that leans that much ``further``, and alike."""
    return stroke.line == one.line and further < ALIKE and len(one.mask) >= AS_LONG * len(stroke.mask)


def _reaches_beyond(pieces: Sequence[Piece], i: int) -> bool:
    """Return whether a piece has another of its line on each side, and is longer than both at both ends."""
    if not 0 < i < len(pieces) - 1:
        return False
    beside = (pieces[i - 1], pieces[i + 1])
    _, top, _, bottom = pieces[i].box
    margin = max(1.0, BEYOND * (bottom - top))
    return all(
        other.line == pieces[i].line and other.box[1] - top >= margin and bottom - other.box[3] >= margin
        for other in beside
    )
