"""Draw 1s and 7s in forms that MNIST hardly has, so that a network tells one from the other.

In much of the world a 1 has a flag, often without a foot, and a 7 a bar through its stem. MNIST was written
in the United States, where a 1 is a plain stroke, and a network that learns from it takes a flag for a 7.
Here the flag of a 1 falls by at least ``MIN_FALL`` of its width, the upper stroke of a 7 by at most
``MAX_LEVEL`` of its own.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.datasets.synthetic.outliers import boxed

ONES = 0.6  # share of the images
CANVAS, HEIGHT = 320, 160  # pixels, before the digit is reduced to 20×20
MIN_FALL, MAX_FALL = 0.5, 2.5  # of a flag, in its width
MAX_LEVEL = 0.24  # of its width is the most by which the upper stroke of a 7 falls to the left

Point = tuple[float, float]  # x and y in heights of the digit, from its upper corner


def rare_digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ``count`` images (N×28×28×1 uint8, light on black) and their labels (N int32), by a seed."""
    rng = np.random.default_rng((seed, 0x09))
    labels = np.where(rng.random(count) < ONES, 1, 7).astype(np.int32)
    drawn = [_drawn(_one(rng) if label == 1 else _seven(rng), rng) for label in labels]
    return np.array(drawn, np.uint8).reshape(count, *drawn[0].shape, 1), labels


def _one(rng: np.random.Generator) -> list[np.ndarray]:
    """Return the strokes of a 1 with a flag: most without a foot, a few with one."""
    reach = rng.uniform(0.13, 0.48)
    fall = min(reach * rng.uniform(MIN_FALL, MAX_FALL), rng.uniform(0.3, 0.9))
    slant = rng.uniform(-0.1, 0.35)
    strokes = [
        _curve((-reach, fall), (0.0, 0.0), rng.normal(0, 0.05), rng),
        _curve((0.0, 0.0), (-slant, 1.0), rng.normal(0, 0.03), rng),
    ]
    if rng.random() < 0.15:
        half = rng.uniform(0.12, 0.35)
        strokes.append(_curve((-slant - half, 1.0), (-slant + half, 1.0), 0.0, rng))
    return strokes


def _seven(rng: np.random.Generator) -> list[np.ndarray]:
    """Return the strokes of a 7: some with a bar through the stem, some with a hook at the left end."""
    reach = rng.uniform(0.3, 0.75)
    left = (-reach, reach * rng.uniform(-0.15, MAX_LEVEL))
    slant = rng.uniform(0.0, 0.55)
    strokes = [
        _curve(left, (0.0, 0.0), rng.normal(0, 0.05), rng),
        _curve((0.0, 0.0), (-slant, 1.0), rng.normal(-0.03, 0.06), rng),
    ]
    if rng.random() < 0.5:
        at, half = rng.uniform(0.4, 0.6), rng.uniform(0.12, 0.28)
        tilt = rng.normal(0, 0.05)
        strokes.append(_curve((-slant * at - half, at + tilt), (-slant * at + half, at - tilt), 0.0, rng))
    if rng.random() < 0.3:
        strokes.append(
            _curve((left[0] - rng.uniform(-0.05, 0.05), left[1] + rng.uniform(0.06, 0.2)), left, 0.0, rng)
        )
    return strokes


def _curve(start: Point, end: Point, bend: float, rng: np.random.Generator) -> np.ndarray:
    """Return the points (N×2) of a stroke that leaves the straight line by ``bend`` in its middle."""
    first, last = np.array(start), np.array(end) + rng.normal(0, 0.01, 2)
    along = np.linspace(0, 1, 24)[:, None]
    aside = np.array([first[1] - last[1], last[0] - first[0]])
    return first + along * (last - first) + 4 * bend * along * (1 - along) * aside


def _drawn(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Draw strokes with one pen and fit them to MNIST's 28×28."""
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    thick = max(1, round(HEIGHT * rng.uniform(0.07, 0.2)))
    for stroke in strokes:
        points = np.round(HEIGHT * stroke + (0.68 * CANVAS, 0.25 * CANVAS)).astype(np.int32)
        cv2.polylines(canvas, [points[:, None]], False, 255, thick, cv2.LINE_AA)
    return boxed(canvas)
