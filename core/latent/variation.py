"""Draw random points near a latent point, and compare two images."""

from __future__ import annotations

import numpy as np

REDUCED = 4  # times, before two images are compared roughly
UNLIKE = 0.85  # tests.benchmarks.closest: of 30 avatars at most 0.76 is missed, of 29 of 31 other things more


def vary(point: np.ndarray, random: np.ndarray, amount: float) -> np.ndarray:
    """Return random points (N×D float32) mixed into a latent point (D), scaled to its length.

    An ``amount`` of 0 returns the point itself, 1 the directions of the random points. The squares of the
    weights sum to 1, because a mixture of two normal points is then normal too.
    """
    length = np.linalg.norm(point) / np.linalg.norm(random, axis=1, keepdims=True)
    return (np.sqrt(1 - amount**2) * point + amount * length * random).astype(np.float32)


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the absolute difference of two images (uint8), as an image of the same shape."""
    return np.abs(first.astype(int) - second).astype(np.uint8)


def root_mean_square(first: np.ndarray, second: np.ndarray) -> float:
    """Return the root of the mean squared difference of two images (uint8), in levels from 0 to 255."""
    return float(np.sqrt(np.mean((first.astype(float) - second) ** 2)))


def missed(picture: np.ndarray, image: np.ndarray) -> float:
    """Return how much of the variation of a picture's colours (H×W×C uint8) an image misses: 0 for none.

    The mean colour misses 1. Both are reduced first, so that a thin line counts where it is nearly in place.
    """
    small, drawn = _reduced(picture), _reduced(image)
    spread = root_mean_square(small, small.mean(axis=(0, 1), keepdims=True))
    return root_mean_square(small, drawn) / spread if spread else np.inf


def is_unlike(picture: np.ndarray, image: np.ndarray) -> bool:
    """Return whether an image comes hardly closer to a picture (H×W×C uint8) than its mean colour does."""
    return missed(picture, image) >= UNLIKE


def _reduced(image: np.ndarray) -> np.ndarray:
    height, width = (side // REDUCED for side in image.shape[:2])
    cells = image[: height * REDUCED, : width * REDUCED].reshape(height, REDUCED, width, REDUCED, -1)
    return cells.mean(axis=(1, 3))
