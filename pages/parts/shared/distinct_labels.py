"""Tell options apart that have the same label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def distinct(labels: Sequence[str]) -> list[str]:
    """Return the labels, with a number behind each that also comes later in the list.

    A browser sends the label of what was chosen, and Streamlit takes the last option of that label. Lists
    show the newest first, so that the oldest keeps its label.
    """
    found: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for label in reversed(labels):
        told = label
        while told in found:
            numbers[label] += 1
            told = f"{label} ({numbers[label] + 1})"
        found[told] = None
    return list(found)[::-1]
