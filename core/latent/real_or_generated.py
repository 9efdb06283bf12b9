"""Pair a real image with a generated one of the same class, in random order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.images.reduction import reduced
from core.inference.generator import Generator

ROUNDS = 10


@dataclass(frozen=True, eq=False)
class Pair:
    """Two images of one class, of which one is real."""

    label: int
    images: np.ndarray  # 2×H×W×C uint8
    real: int  # index of the real one, 0 or 1


def pairs(generator: Generator, images: np.ndarray, labels: np.ndarray, seed: int) -> list[Pair]:
    """Return ROUNDS pairs, with real ones drawn at random from ``images`` (N×H×W×C uint8) with labels (N).

    Generated images that are larger are reduced to the size of the real ones, which must divide theirs.
    """
    random = np.random.default_rng(seed)
    chosen = random.choice(len(images), ROUNDS, replace=len(images) < ROUNDS)
    drawn = generator.draw(
        labels[chosen], random.standard_normal((ROUNDS, generator.latent_size), np.float32)
    )
    drawn = reduced(drawn, images.shape[1])
    sides = random.integers(0, 2, ROUNDS)
    return [
        Pair(int(labels[i]), np.stack([images[i], made] if side == 0 else [made, images[i]]), int(side))
        for i, made, side in zip(chosen, drawn, sides, strict=True)
    ]
