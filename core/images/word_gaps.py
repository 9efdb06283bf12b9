"""Find the gaps between words in lines of boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low

import numpy as np

from core.images.components import Box

MIN_GAP = 0.33  # of a glyph's height is the least between two words, in narrow typefaces ...
WIDER = 2.3  # ... and this many times the usual gap of the line
USUAL_GAP = 0.3  # of a glyph's height, of letters printed by hand; counts as one more gap of every line


def starts_of_words(boxes: Sequence[Box], lines: Sequence[int]) -> list[bool]:
    """Return for each box, in reading order, if a gap between words precedes it within its line.

    A gap counts if it is wide by the height of the glyphs, and wider than gaps of its line usually are:
    letters spaced out evenly are one word.
    """
    starts = [False] * len(boxes)
    if not boxes:
        return starts
    height = float(np.median([bottom - top for _, top, _, bottom in boxes]))
    for line in dict.fromkeys(lines):
        places = [i for i, number in enumerate(lines) if number == line]
        gaps = [boxes[after][0] - boxes[before][2] for before, after in pairwise(places)]
        usual = median_low([*(max(0, gap) for gap in gaps), USUAL_GAP * height])
        least = max(MIN_GAP * height, WIDER * usual)
        for place, gap in zip(places[1:], gaps, strict=True):
            starts[place] = gap > least
    return starts
