"""Measure how much probability a class loses when a part of the image is covered, for any network."""

from __future__ import annotations

import numpy as np

from core.inference.classifier import Classifier

PATCH = 5  # pixels: a little more than a stroke's width
STRIDE = 2


def occlusion(classifier: Classifier, pixels: np.ndarray, label: int) -> np.ndarray:
    """Return how much probability a class loses where a black patch covers the image (H×W or H×W×C uint8).

    The result is H×W float32, positive where the patch lowers the probability, negative where it raises it;
    each pixel has the mean of all patches over it. Source: Zeiler, Fergus 2014, section 4.2.
    """
    places = [(row, column) for row in _starts(pixels.shape[0]) for column in _starts(pixels.shape[1])]
    covered = np.repeat(pixels[None], len(places), axis=0)
    for image, (row, column) in zip(covered, places, strict=True):
        image[row : row + PATCH, column : column + PATCH] = 0
    before = classifier.probabilities(pixels[None])[0, label]
    losses = before - classifier.probabilities(covered)[:, label]
    total, count = np.zeros((2, *pixels.shape[:2]), np.float32)
    for loss, (row, column) in zip(losses, places, strict=True):
        total[row : row + PATCH, column : column + PATCH] += loss
        count[row : row + PATCH, column : column + PATCH] += 1
    return total / count


def _starts(side: int) -> list[int]:
    """Return where patches begin along a side, so that the last one reaches its end."""
    return [*range(0, side - PATCH, STRIDE), side - PATCH]
