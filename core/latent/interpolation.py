"""Move through a generator's latent space: arithmetic on points of the normal distribution.

In many dimensions (D) such points lie near a sphere of radius √D, and a generator has seen few others. So
blends follow the sphere, or are scaled back to its radius.
"""

from __future__ import annotations

import numpy as np

SAME = 1e-4  # radians; the arc between closer directions is taken as a straight line


def slerp(first: np.ndarray, second: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return points at shares (N) of the arc from ``first`` (0) to ``second`` (1), D each: N×D float32.

    Direction and length change evenly. Between opposite directions no arc is the shortest; one is chosen.
    Source: Shoemake 1985, section 3.3; for latent spaces: White 2016, section 2.1.
    """
    first, second = first.astype(np.float64), second.astype(np.float64)
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    at = shares[:, None]
    if min(lengths) == 0:
        return ((1 - at) * first + at * second).astype(np.float32)
    one, two = first / lengths[0], second / lengths[1]
    aside = two - (one @ two) * one  # the part of the second direction that leaves the first
    if np.linalg.norm(aside) < SAME and one @ two < 0:
        axis = np.eye(len(one))[np.abs(one).argmin()]
        aside = axis - (one @ axis) * one
    angle = np.arccos(np.clip(one @ two, -1, 1))
    if angle < SAME:
        return ((1 - at) * first + at * second).astype(np.float32)
    aside /= np.linalg.norm(aside)
    directions = np.cos(at * angle) * one + np.sin(at * angle) * aside
    return (((1 - at) * lengths[0] + at * lengths[1]) * directions).astype(np.float32)


def there_and_back(frames: int) -> np.ndarray:
    """Return the shares of a path at which the frames of an endless film are (an even number, float64).

    The film goes there and back, slows down at both ends, and its last frame is as near to its first as any
    two neighbours there, so nothing jerks.
    """
    return (1 - np.cos(2 * np.pi * np.arange(frames) / frames)) / 2


def latent_at(x: float, y: float, size: int) -> np.ndarray:
    """Return the latent point (size, float32) at a place of the map whose whole-numbered places are seeds.

    The random points of the four corners around (x, y) are blended bilinearly. The blend is scaled to the
    corners' mean length, weighted in the same way. At a corner it is the corner's point.
    """
    left, bottom = int(np.floor(x)), int(np.floor(y))
    right, up = x - left, y - bottom
    weights = np.array([(1 - right) * (1 - up), right * (1 - up), (1 - right) * up, right * up])
    corners = np.stack([_corner(left + i, bottom + j, size) for j in (0, 1) for i in (0, 1)])
    blend = weights @ corners
    length = weights @ np.linalg.norm(corners, axis=1)
    return (blend * (length / max(float(np.linalg.norm(blend)), 1e-12))).astype(np.float32)


def _corner(x: int, y: int, size: int) -> np.ndarray:
    """Return the point of a whole-numbered place, which may be negative though seeds start at 0."""
    seed = [2 * number if number >= 0 else -2 * number - 1 for number in (x, y)]
    return np.random.default_rng(seed).standard_normal(size)
