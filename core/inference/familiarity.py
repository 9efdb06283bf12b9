"""Tell whether an image is like those that a network learnt from, by what its layers see.

A network trained on nothing but clothes gives every image a class of clothes, often with a high probability.
Its activations tell more. A logistic regression on them separates training images from images of no class:
outlier exposure (Hendrycks, Mazeika, Dietterich 2019, section 3) of a network that is trained already, by the
features of several layers (Lee, Lee, Lee, Shin 2018, section 2.2).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEPT = 0.99  # share of held-out images that is accepted
PENALTY = 1e-4  # on the squared weights
STEPS = 15  # of Newton's method
FARTHEST = 4.0  # standard deviations from its mean beyond which a feature counts no more


@dataclass(frozen=True)
class KnownFeatures:
    """How the features of images that a network knows differ from those of others."""

    layers: tuple[str, ...]  # whose maps have the features
    mean: np.ndarray  # of each feature
    deviation: np.ndarray
    weights: np.ndarray  # one more than features: the last is the bias
    least_score: float

    def are_strange(self, activations: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return for each image, N bool, if it is unlike those that the network knows."""
        return self.scores(pooled(activations, self.layers)) < self.least_score

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the logits of being known, N, for features, N×features."""
        return _standardised(features, self.mean, self.deviation) @ self.weights

    def save(self, path: Path) -> None:
        """Write the file that ``read`` reads."""
        np.savez_compressed(path, **dataclasses.asdict(self))


def read(path: Path) -> KnownFeatures:
    """Return what ``KnownFeatures.save`` wrote.

    Raises:
        OSError, ValueError, KeyError: when the file is damaged.
    """
    with np.load(path, allow_pickle=False) as stored:
        return KnownFeatures(
            tuple(str(layer) for layer in stored["layers"]),
            stored["mean"],
            stored["deviation"],
            stored["weights"],
            float(stored["least_score"]),
        )


def pooled(activations: Mapping[str, np.ndarray], layers: tuple[str, ...]) -> np.ndarray:
    """Return the mean and the largest value of each map of some layers (N×H×W×C each), N×features."""
    maps = [activations[layer] for layer in layers]
    return np.concatenate([part for one in maps for part in (one.mean((1, 2)), one.max((1, 2)))], axis=1)


def fit(
    layers: tuple[str, ...], known: np.ndarray, unknown: np.ndarray, held_out: np.ndarray
) -> KnownFeatures:
    """Return the familiarity of a network, all from features of images (N×features, by ``pooled``).

    ``known`` are of images that it learnt from, ``unknown`` of images of no class. ``held_out`` are of images
    of its classes that it did not learn from; they set the threshold.
    """
    both = np.concatenate([known, unknown])
    mean, deviation = both.mean(axis=0), both.std(axis=0) + 1e-6
    is_known = np.arange(len(both)) < len(known)
    weights = _regression(_standardised(both, mean, deviation).astype(np.float64), is_known)
    stored = [array.astype(np.float32) for array in (mean, deviation, weights)]
    found = KnownFeatures(layers, stored[0], stored[1], stored[2], -np.inf)
    least = float(np.quantile(found.scores(held_out), 1 - KEPT))
    return dataclasses.replace(found, least_score=least)


def _standardised(features: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Return features without mean, in standard deviations, and a last column of ones."""
    scaled = np.clip((features - mean) / deviation, -FARTHEST, FARTHEST)
    return np.concatenate([scaled, np.ones((len(scaled), 1), scaled.dtype)], axis=1)


def _regression(terms: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression of ``wanted`` (N bool) on terms (N×terms)."""
    weights, penalty = np.zeros(terms.shape[1]), PENALTY * np.eye(terms.shape[1])
    for _ in range(STEPS):
        given = 1 / (1 + np.exp(-np.clip(terms @ weights, -30, 30)))
        slope = terms.T @ (given - wanted) / len(terms) + PENALTY * weights
        curvature = (terms.T * (given * (1 - given))) @ terms / len(terms) + penalty
        weights = weights - np.linalg.solve(curvature, slope)
    return weights
