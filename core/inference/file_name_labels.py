"""Find a picture's class in its name, if folders or files are named after classes.

The rule, in this order: the name of the nearest folder that is a class, as in ``7/img1.png``; else the one
class, as a digit or an English numeral, among the file name's words, as in ``three_5.png`` or
``label_3-0001.png``. Words are separated by anything but letters and digits. A word after ``label``,
``class`` or ``digit`` is the class whatever follows; otherwise the first word counts, because numbers after
it mostly count files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MARKS = ("label", "class", "digit")


def label_in(name: str, classes: Sequence[str]) -> str | None:
    """Return the class in a file's name with its folders, separated by slashes; None if there is none."""
    *folders, file = name.lower().split("/")
    for folder in reversed(folders):
        found = _label(re.findall(r"[^\W_]+", folder), classes, only=True)
        if found is not None:
            return found
    return _label(re.findall(r"[^\W_]+", file.rsplit(".", 1)[0]), classes, only=False)


def _label(words: Sequence[str], classes: Sequence[str], only: bool) -> str | None:
    by_word = {label.lower(): label for label in classes}
    by_word |= {word: str(k) for k, word in enumerate(NUMERALS) if str(k) in classes}
    for mark, word in pairwise(words):
        if mark in MARKS and word in by_word:
            return by_word[word]
    if not words or (only and len(words) > 1):
        return None
    return by_word.get(words[0])
