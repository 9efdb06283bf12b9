"""Point out pictures that are nearly the same, and pictures that look like another class than their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.class_sets.held_out import HeldOut
from core.class_sets.likeness import unit
from core.contract.evaluation import softmax

SAME = 0.97  # cosine between features from which on two pictures are nearly the same
DOUBTFUL = 0.8  # probability of another class from which on a picture is pointed out
MOST_PAIRS = 50  # that are pointed out


@dataclass(frozen=True)
class NearDuplicate:
    """Two pictures, by their numbers, that are nearly the same."""

    first: int
    second: int
    similarity: float  # cosine of their features
    same_class: bool


@dataclass(frozen=True)
class OddOneOut:
    """A picture, by its number, that looks like another class than its own."""

    picture: int
    looks_like: int  # number of that class
    probability: float


def near_duplicates(features: np.ndarray, labels: np.ndarray) -> list[NearDuplicate]:
    """Return pairs of pictures that are nearly the same: those of two classes first, then the nearest."""
    directions = unit(features)
    found = []
    for second in range(1, len(directions)):
        similar = directions[:second] @ directions[second]
        found += [
            NearDuplicate(int(first), second, float(similar[first]), bool(labels[first] == labels[second]))
            for first in np.nonzero(similar >= SAME)[0]
        ]
    return sorted(found, key=lambda pair: (pair.same_class, -pair.similarity))[:MOST_PAIRS]


def odd_ones_out(held_out: HeldOut, temperature: float) -> list[OddOneOut]:
    """Return the pictures that, held out, were taken for another class with a high probability."""
    probabilities = softmax(held_out.logits / temperature)
    best = probabilities.argmax(axis=1)
    highest = probabilities.max(axis=1)
    doubtful = np.nonzero((best != held_out.labels) & (highest >= DOUBTFUL))[0]
    return [
        OddOneOut(int(held_out.pictures[k]), int(best[k]), float(highest[k]))
        for k in sorted(doubtful, key=lambda k: -highest[k])
    ]


def nearest(features: np.ndarray, asked: np.ndarray, most: int = 5) -> list[tuple[int, float]]:
    """Return the pictures nearest to one's features (size), by number, with the cosines."""
    similar = unit(features) @ unit(asked[None])[0]
    return [(int(k), float(similar[k])) for k in np.argsort(-similar, kind="stable")[:most]]
