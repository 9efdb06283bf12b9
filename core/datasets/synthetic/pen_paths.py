"""Read the pen's paths for all digits and letters that this project writes, from ``pen_paths.json``.

A path is text: points ``x,y`` in per cent of the glyph's box (y grows downwards), joined by a smooth curve.
``^`` after a point makes it a corner, ``|`` lifts the pen.
"""

from __future__ import annotations

import json
from pathlib import Path

Paths = tuple[tuple[str, ...], ...]  # by label, the paths of each way in which its character is written


def _read() -> tuple[Paths, Paths]:
    characters = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    digits, letters = (
        tuple(tuple(character["paths"]) for character in characters[group]) for group in ("digits", "letters")
    )
    return digits, letters


DIGIT_PATHS, LETTER_PATHS = _read()  # the letters are capitals that look like no digit: no B, I, O, S, Z
