"""Compare the answers to pictures with the classes that the pictures are known to have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.inference.picture_reading import Answer, as_text

Cell = tuple[int, int]  # true class, predicted class


def is_right(read: str, expected: str) -> bool:
    """Return whether a reading is what was expected; spaces, lines and case do not count."""
    return _bare(read) == _bare(expected)


def _bare(text: str) -> str:
    return "".join(text.replace("/", " ").split()).casefold()


def accuracy(labels: Sequence[str], answers: Sequence[Sequence[Answer]]) -> float:
    """Return the share of pictures of which a network reads their label and nothing else."""
    return float(
        np.mean([is_right(as_text(given), label) for label, given in zip(labels, answers, strict=True)])
    )


def classes_in(labels: Sequence[str], answers: Sequence[Sequence[Answer]]) -> list[str]:
    """Return the classes that occur among the labels and answers of pictures with one glyph, by name."""
    single = [
        (label, given[0].label) for label, given in zip(labels, answers, strict=True) if len(given) == 1
    ]
    return sorted({name for pair in single for name in pair})


def cells(
    labels: Sequence[str], answers: Sequence[Sequence[Answer]], classes: Sequence[str]
) -> dict[Cell, list[int]]:
    """Return the places of the pictures with one glyph of a known class, by their cell of the matrix."""
    found: dict[Cell, list[int]] = {}
    known = set(classes)
    for place, (label, given) in enumerate(zip(labels, answers, strict=True)):
        if len(given) == 1 and {label, given[0].label} <= known:
            cell = (classes.index(label), classes.index(given[0].label))
            found.setdefault(cell, []).append(place)
    return found


def counts(found: dict[Cell, list[int]], classes: int) -> np.ndarray:
    """Return the confusion matrix of these cells, classes×classes: rows are true classes."""
    matrix = np.zeros((classes, classes), int)
    for cell, places in found.items():
        matrix[cell] = len(places)
    return matrix
