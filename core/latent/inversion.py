"""The latent point whose image comes closest to a given one, found without the generator's gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.errors import ImageError
from core.inference.generator import Generator

STARTS = 256  # random points, of which the best are where the search begins
DESCENTS = 6  # that many at once: one alone ends now and then in a place that only looks like the best
ROUNDS = 12
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


def invert(generator: Generator, target: np.ndarray, label: int, seed: int = 0) -> Iterator[Found]:
    """Searches the point whose image of class ``label`` is closest to ``target`` (H×W×C uint8).

    Yields the best so far after each round. Derivative-free least squares: the slopes are felt for by drawing
    2×latent_size images a round beside each of a few points, then some damped Gauss–Newton steps are tried at
    once. They start at the best of random points.
    Source: Levenberg 1944, Marquardt 1963; with differences for the slopes as in MINPACK's lmdif.

    Raises:
        ImageError: when the target is not of the generator's shape.
    """
    if target.shape != generator.card.shape:
        wanted, got = ("×".join(map(str, shape)) for shape in (generator.card.shape, target.shape))
        raise ImageError("latent.target_shape", wanted=wanted, got=got)
    goal, size = _flat(target[None])[0], generator.latent_size

    def draw(points: np.ndarray) -> np.ndarray:
        return _flat(generator.draw(np.full(len(points), label), points))

    def costs_of(images: np.ndarray, points: np.ndarray) -> np.ndarray:
        return ((images - goal) ** 2).sum(axis=1) + PRIOR * (points**2).sum(axis=1)

    points = np.concatenate([generator.latent(STARTS, seed), np.zeros((1, size), np.float32)])
    images = draw(points)
    costs, drawn = costs_of(images, points), len(points)
    kept = costs.argsort(kind="stable")[:DESCENTS]
    points, images, costs, dampings = points[kept], images[kept], costs[kept], np.ones(len(kept))
    yield _best(points, images, costs, goal, 1 / (ROUNDS + 1), drawn)
    aside = STEP * np.concatenate([np.eye(size, dtype=np.float32), -np.eye(size, dtype=np.float32)])
    for done in range(2, ROUNDS + 2):
        beside = draw((points[:, None] + aside).reshape(-1, size)).reshape(len(points), 2, size, -1)
        slopes = (beside[:, 0] - beside[:, 1]) / (2 * STEP)
        steps = np.concatenate(list(map(_steps, slopes, goal - images, points, dampings)))
        reached = draw(steps)
        found = costs_of(reached, steps).reshape(len(points), len(DAMPINGS))
        for i, choice in enumerate(found.argmin(axis=1)):
            if found[i, choice] < costs[i]:
                at = i * len(DAMPINGS) + choice
                points[i], images[i], costs[i] = steps[at], reached[at], found[i, choice]
                dampings[i] *= DAMPINGS[choice]
            else:
                dampings[i] *= STUCK
        drawn += len(points) * len(aside) + len(steps)
        yield _best(points, images, costs, goal, done / (ROUNDS + 1), drawn)


def _steps(slopes: np.ndarray, rest: np.ndarray, point: np.ndarray, damping: float) -> np.ndarray:
    """The points that Gauss–Newton steps of several dampings lead to; ``slopes`` is latent_size×pixels."""
    products, pull = slopes @ slopes.T, slopes @ rest - PRIOR * point
    identity = np.eye(len(point))
    return np.stack(
        [point + np.linalg.solve(products + (PRIOR + damping * d) * identity, pull) for d in DAMPINGS]
    ).astype(np.float32)


def _best(
    points: np.ndarray, images: np.ndarray, costs: np.ndarray, goal: np.ndarray, progress: float, drawn: int
) -> Found:
    best = int(costs.argmin())
    error = 255 * float(np.sqrt(np.mean((images[best] - goal) ** 2)))
    return Found(points[best].copy(), error, progress, drawn)


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255
