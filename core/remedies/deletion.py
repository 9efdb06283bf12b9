"""Test maps of explanation: take pixels away, or put them in, in the order in which a map ranks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

STEPS = 28  # parts in which the pixels of an image are taken away
Read = Callable[[np.ndarray], np.ndarray]
"""Function from uint8 images (N×H×W×C) to probabilities (N×classes)."""


@dataclass(frozen=True, eq=False)
class PixelCurves:
    """Probabilities of a class while pixels vanish or appear, the most important first."""

    deletion: np.ndarray  # STEPS + 1 probabilities, from the whole image to black
    insertion: np.ndarray  # the same from black to the whole image

    @property
    def deletion_area(self) -> float:
        """Mean of the curve; the lower, the more of what the network uses the map has found."""
        return area(self.deletion)

    @property
    def insertion_area(self) -> float:
        """Mean of the curve; the higher, the more of what the network uses the map has found."""
        return area(self.insertion)


def area(curve: np.ndarray) -> float:
    """Return the area under a curve over equal steps from 0 to 1, by trapezia."""
    return float(np.mean((curve[1:] + curve[:-1]) / 2))


def pixel_curves(read: Read, image: np.ndarray, heat: np.ndarray, label: int) -> PixelCurves:
    """Return the probabilities of a class as a map (H×W) ranks the pixels of an image (H×W×C uint8).

    Pixels are replaced by black, the paper of glyphs. Source: Petsiuk, Das, Saenko 2018, RISE, section 4.3.
    """
    order = np.argsort(-heat.ravel(), kind="stable")
    taken = np.zeros((STEPS + 1, heat.size), bool)
    for step, count in enumerate(np.round(np.linspace(0, heat.size, STEPS + 1)).astype(int)):
        taken[step, order[:count]] = True
    masks = taken.reshape(STEPS + 1, *heat.shape, 1)
    images = np.concatenate([np.where(masks, 0, image[None]), np.where(masks, image[None], 0)])
    probabilities = read(images.astype(np.uint8))[:, label]
    return PixelCurves(probabilities[: STEPS + 1], probabilities[STEPS + 1 :])


def rank_correlation(one: np.ndarray, two: np.ndarray) -> float:
    """Return Spearman's correlation of two maps of the same shape; 0 where one of them is even.

    A map that hardly changes when the network's weights are replaced by random ones explains the image and
    not the network. Source: Adebayo et al. 2018, Sanity checks for saliency maps, section 3.
    """
    from scipy.stats import rankdata  # noqa: PLC0415 (SciPy takes 0.2 s)

    ranks = [rankdata(heat.ravel()) for heat in (one, two)]
    if any(each.std() == 0 for each in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
