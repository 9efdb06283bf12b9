"""Find the latent point whose image is closest to a given one, without the generator's gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.errors import ImageError
from core.inference.generator import Generator

STARTS = 256  # random points; the search begins at the best of them
STARTS_OF_CLASS = 64  # the same of each class, where any will do
MOST_VALUES = 4_000_000  # pixels times points of a round; larger images are searched from fewer points
DESCENTS = 6  # points that are improved side by side; a single one sometimes ends in a local minimum
ROUNDS = 12
STEP = 0.15  # of the finite differences; with smaller ones, rounding to 256 levels hides the slope
PRIOR = 0.02 / 784  # weight of a point's squared length for each value of the image; keeps points plausible
DAMPINGS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)  # factors of the last good damping that a round tries
STUCK = 10.0  # factor of the damping after a round in which none of them helped


@dataclass(frozen=True, eq=False)
class FoundLatent:
    """The best point after a round."""

    label: int
    latent: np.ndarray  # latent_size float32
    error: float  # root of the mean squared difference, in levels from 0 to 255
    progress: float  # 0 to 1
    drawn: int  # images drawn so far


def invert(
    generator: Generator, target: np.ndarray, label: int | None, seed: int = 0
) -> Iterator[FoundLatent]:
    """Search for the point whose image of class ``label`` is closest to ``target`` (H×W×C uint8).

    Without a label, any class will do: the search begins at the best images of all classes. Yield the best
    point after each round. The method is least squares without derivatives: each round draws 2×latent_size
    images around each of a few points to estimate the slopes by finite differences, then tries Gauss–Newton
    steps with several dampings. The search starts at the best of many random points.
    Source: Levenberg 1944, Marquardt 1963; finite differences as in MINPACK's lmdif.

    Raises:
        ImageError: when the target is not of the generator's shape.
    """
    if target.shape != generator.card.shape:
        wanted, got = ("×".join(map(str, shape)) for shape in (generator.card.shape, target.shape))
        raise ImageError("latent.target_shape", wanted=wanted, got=got)
    goal, size = _flat(target[None])[0], generator.latent_size
    prior = PRIOR * goal.size

    def draw(classes: np.ndarray, points: np.ndarray) -> np.ndarray:
        return _flat(generator.draw(classes, points))

    def costs_of(images: np.ndarray, points: np.ndarray) -> np.ndarray:
        return ((images - goal) ** 2).sum(axis=1) + prior * (points**2).sum(axis=1)

    labels, points = _starts(generator, label, seed)
    images = draw(labels, points)
    costs, drawn = costs_of(images, points), len(points)
    best = costs.argsort(kind="stable")[: min(DESCENTS, max(1, MOST_VALUES // (2 * size * goal.size)))]
    labels, points, images, costs = labels[best], points[best], images[best], costs[best]
    dampings = np.ones(len(best))
    yield _best(labels, points, images, costs, goal, 1 / (ROUNDS + 1), drawn)
    offsets = STEP * np.concatenate([np.eye(size, dtype=np.float32), -np.eye(size, dtype=np.float32)])
    for done in range(2, ROUNDS + 2):
        around = (points[:, None] + offsets).reshape(-1, size)
        nearby = draw(np.repeat(labels, len(offsets)), around).reshape(len(points), 2, size, -1)
        slopes = (nearby[:, 0] - nearby[:, 1]) / (2 * STEP)
        steps = np.concatenate(list(map(partial(_steps, prior), slopes, goal - images, points, dampings)))
        step_images = draw(np.repeat(labels, len(DAMPINGS)), steps)
        step_costs = costs_of(step_images, steps).reshape(len(points), len(DAMPINGS))
        for i, choice in enumerate(step_costs.argmin(axis=1)):
            if step_costs[i, choice] < costs[i]:
                at = i * len(DAMPINGS) + choice
                points[i], images[i], costs[i] = steps[at], step_images[at], step_costs[i, choice]
                dampings[i] *= DAMPINGS[choice]
            else:
                dampings[i] *= STUCK
        drawn += len(points) * len(offsets) + len(steps)
        yield _best(labels, points, images, costs, goal, done / (ROUNDS + 1), drawn)


def _starts(generator: Generator, label: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return classes and points at which a search may begin: random ones, and the centre for each class."""
    classes = np.array([label] if label is not None else range(len(generator.card.classes)))
    random = generator.latent(STARTS if label is not None else STARTS_OF_CLASS, seed)
    points = np.concatenate([random, np.zeros((1, generator.latent_size), np.float32)])
    return np.repeat(classes, len(points)), np.tile(points, (len(classes), 1))


def _steps(
    prior: float, slopes: np.ndarray, residual: np.ndarray, point: np.ndarray, damping: float
) -> np.ndarray:
    """Return the points after one Gauss–Newton step with each damping; ``slopes`` is latent_size×pixels."""
    products, descent = slopes @ slopes.T, slopes @ residual - prior * point
    identity = np.eye(len(point))
    return np.stack(
        [point + np.linalg.solve(products + (prior + damping * d) * identity, descent) for d in DAMPINGS]
    ).astype(np.float32)


def _best(
    labels: np.ndarray,
    points: np.ndarray,
    images: np.ndarray,
    costs: np.ndarray,
    goal: np.ndarray,
    progress: float,
    drawn: int,
) -> FoundLatent:
    best = int(costs.argmin())
    error = 255 * float(np.sqrt(np.mean((images[best] - goal) ** 2)))
    return FoundLatent(int(labels[best]), points[best].copy(), error, progress, drawn)


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255
