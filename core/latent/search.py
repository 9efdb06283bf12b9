"""The latent point whose image comes closest to a given one, found without the generator's gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.errors import ImageError
from core.inference.generator import Generator

STARTS = 256  # random points, of which the best is where the search begins
ROUNDS = 8
STEP = 0.15  # how far aside a slope is felt for; smaller, and the rounding to 256 levels would drown it
PRIOR = 0.02  # weight of the point's squared length beside the squared error: keeps it where images lie
DAMPINGS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)  # tried around the last good one in each round
STUCK = 10.0  # factor of the damping when none of them helped


@dataclass(frozen=True, eq=False)
class Found:
    """The best point after a round."""

    latent: np.ndarray  # latent_size float32
    error: float  # root of the mean squared difference, in levels from 0 to 255
    progress: float  # 0 to 1
    drawn: int  # images drawn so far


def closest(generator: Generator, target: np.ndarray, label: int, seed: int = 0) -> Iterator[Found]:
    """Searches the point whose image of class ``label`` is closest to ``target`` (H×W×C uint8).

    Yields the best so far after each round. Derivative-free least squares: the slopes are felt for by drawing
    2×latent_size images a round beside the point, then a few damped Gauss–Newton steps are tried at once. It
    starts at the best of random points.
    Source: Levenberg 1944, Marquardt 1963; with differences for the slopes as in MINPACK's lmdif.

    Raises:
        ImageError: when the target is not of the generator's shape.
    """
    if target.shape != generator.card.shape:
        wanted, got = ("×".join(map(str, shape)) for shape in (generator.card.shape, target.shape))
        raise ImageError(f"This generator draws images of {wanted}, so it cannot redraw one of {got}.")
    goal, size = _flat(target[None])[0], generator.latent_size

    def draw(points: np.ndarray) -> np.ndarray:
        return _flat(generator.draw(np.full(len(points), label), points))

    def cost(images: np.ndarray, points: np.ndarray) -> np.ndarray:
        return ((images - goal) ** 2).sum(axis=1) + PRIOR * (points**2).sum(axis=1)

    points = np.concatenate([generator.latent(STARTS, seed), np.zeros((1, size), np.float32)])
    images = draw(points)
    best = int(cost(images, points).argmin())
    point, image, least = points[best], images[best], cost(images, points)[best]
    damping, drawn = 1.0, len(points)
    yield _found(point, image, goal, 1 / (ROUNDS + 1), drawn)
    aside = STEP * np.eye(size, dtype=np.float32)
    for done in range(2, ROUNDS + 2):
        ahead, behind = np.split(draw(np.concatenate([point + aside, point - aside])), 2)
        points = _steps((ahead - behind) / (2 * STEP), goal - image, point, damping)
        images = draw(points)
        costs = cost(images, points)
        best = int(costs.argmin())
        if costs[best] < least:
            point, image, least = points[best], images[best], costs[best]
            damping *= DAMPINGS[best]
        else:
            damping *= STUCK
        drawn += 2 * size + len(points)
        yield _found(point, image, goal, done / (ROUNDS + 1), drawn)


def _steps(slopes: np.ndarray, rest: np.ndarray, point: np.ndarray, damping: float) -> np.ndarray:
    """The points that Gauss–Newton steps of several dampings lead to; ``slopes`` is latent_size×pixels."""
    products, pull = slopes @ slopes.T, slopes @ rest - PRIOR * point
    identity = np.eye(len(point))
    return np.stack(
        [point + np.linalg.solve(products + (PRIOR + damping * d) * identity, pull) for d in DAMPINGS]
    ).astype(np.float32)


def _found(point: np.ndarray, image: np.ndarray, goal: np.ndarray, progress: float, drawn: int) -> Found:
    return Found(point, 255 * float(np.sqrt(np.mean((image - goal) ** 2))), progress, drawn)


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255
