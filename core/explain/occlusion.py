"""Measure how much probability a class loses when a part of the image is covered, for any network."""

from __future__ import annotations

import numpy as np

from core.inference.classifier import Classifier
from core.messages import Progress, message

PATCH = 5  # pixels: a little more than a stroke's width
STRIDE = 2
SMALL = 64  # pixels of a side; larger images are covered by patches of a quarter of their side
AT_ONCE = 196 * 28 * 28  # pixels of the images that are covered before they are read
GREY = 127  # covers colour images: black would be a thing by itself


def occlusion(
    classifier: Classifier, pixels: np.ndarray, label: int, progress: Progress | None = None
) -> np.ndarray:
    """Return how much probability a class loses where a patch covers the image (H×W or H×W×C uint8).

    The patch is black, on colour images grey. The result is H×W float32, positive where the patch lowers the
    probability, negative where it raises it; each pixel has the mean of all patches over it.
    Source: Zeiler, Fergus 2014, section 4.2.
    """
    height, width = pixels.shape[:2]
    patch, stride = (PATCH, STRIDE) if max(height, width) <= SMALL else (height // 4, height // 8)
    fill = GREY if pixels.ndim == 3 and pixels.shape[2] == 3 else 0
    places = [(y, x) for y in _starts(height, patch, stride) for x in _starts(width, patch, stride)]
    before = classifier.probabilities(pixels[None])[0, label]
    total, count = np.zeros((2, height, width), np.float32)
    step = max(1, AT_ONCE // (height * width))
    for done in range(0, len(places), step):
        some = places[done : done + step]
        covered = np.repeat(pixels[None], len(some), axis=0)
        for image, (row, column) in zip(covered, some, strict=True):
            image[row : row + patch, column : column + patch] = fill
        losses = before - classifier.probabilities(covered)[:, label]
        for loss, (row, column) in zip(losses, some, strict=True):
            total[row : row + patch, column : column + patch] += loss
            count[row : row + patch, column : column + patch] += 1
        if progress is not None:
            progress(message("explain.covering"), min(1.0, (done + step) / len(places)))
    return total / count


def _starts(side: int, patch: int, stride: int) -> list[int]:
    """Return where patches begin along a side, so that the last one reaches its end."""
    return [*range(0, side - patch, stride), side - patch]
