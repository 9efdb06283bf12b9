"""Keep a part of a face, such as the hair, while the rest of it is drawn again.

Each part's colour depends on a few directions of latent space. They are found by linear regression on drawn
images; points that agree along them have the same hair, as far as the dependence is linear. It is so only in
part. Of several such points, the one whose image agrees most is therefore taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.inference.generator import Generator
from core.latent.appearance import part_colours

SAMPLES = 600  # images from which the directions are learnt
CANDIDATES = 32  # points of which one is taken
LEAST = 0.1  # of a part's strongest direction is the least of another that counts


def part_directions(generator: Generator, parts: Iterable[str], seed: int = 0) -> dict[str, np.ndarray]:
    """Return the directions along which each part changes its colour: rows at right angles, K×latent_size."""
    labels = np.arange(SAMPLES) % len(generator.card.classes)
    latent = generator.latent(SAMPLES, seed)
    images = generator.draw(labels, latent)
    return {part: _directions(latent, _within_class(part_colours(images, part), labels)) for part in parts}


def drawn_again(
    generator: Generator,
    point: np.ndarray,
    label: int,
    directions: Mapping[str, np.ndarray],
    kept: Sequence[str],
    seed: int,
) -> np.ndarray:
    """Return a random point (latent_size float32) whose image of class ``label`` has the kept parts."""
    others = [redrawn(point, other, directions, kept) for other in generator.latent(CANDIDATES, seed)]
    images = generator.draw(np.full(1 + CANDIDATES, label), np.stack([point, *others]))
    changes = np.zeros(CANDIDATES)
    for part in kept:
        colours = part_colours(images, part)
        changes += np.abs(colours[1:] - colours[0]).sum(axis=1)
    return others[int(changes.argmin())]


def redrawn(
    point: np.ndarray, other: np.ndarray, directions: Mapping[str, np.ndarray], kept: Iterable[str]
) -> np.ndarray:
    """Return ``other`` (latent_size float32), but as ``point`` is along the directions of the kept parts.

    If both points are normally distributed, so is the result.
    """
    rows = [directions[part] for part in kept if len(directions[part])]
    if not rows:
        return other
    basis = np.linalg.qr(np.concatenate(rows).T)[0]
    return (other + basis @ (basis.T @ (point - other))).astype(np.float32)


def _directions(latent: np.ndarray, colours: np.ndarray) -> np.ndarray:
    slopes = np.linalg.lstsq(latent - latent.mean(axis=0), colours, rcond=None)[0]  # latent_size×C
    vectors, strengths, _ = np.linalg.svd(slopes, full_matrices=False)
    strong = strengths > LEAST * max(float(strengths[0]), 1e-9)
    return vectors.T[strong].astype(np.float32)


def _within_class(colours: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return colours less the mean of their class, which the style gives and not the latent point."""
    means = np.stack([colours[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    return colours - means[labels]
