"""Tell whether an image is like those that a network learnt from, by its features and its logits.

A network trained on nothing but clothes gives every image a class of clothes, often with a high probability.
Two measures see what the probability does not: the distance of the features from those of every class
(Lee, Lee, Lee, Shin 2018, section 2.1: Gaussians with one covariance), and the energy, the logarithm of the
sum of the exponentiated logits (Liu, Wang, Owens, Li 2020, section 3), which is low for unknown images.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEPT = 0.99  # share of held-out images that each of the two measures accepts
RIDGE = 1e-4  # share of the mean variance that is added to each feature's


@dataclass(frozen=True)
class KnownFeatures:
    """Where a network's own classes lie among its features, and how far from them an image may be."""

    layer: str  # whose activation has the features
    means: np.ndarray  # classes×features
    precision: np.ndarray  # features×features, the inverse of the covariance within the classes
    farthest: float  # squared distance
    least_energy: float

    def are_strange(self, features: np.ndarray, logits: np.ndarray) -> np.ndarray:
        """Return for each image, N bool, if its features (N×features) or logits (N×classes) are unusual."""
        return (self.distances(features) > self.farthest) | (energies(logits) < self.least_energy)

    def distances(self, features: np.ndarray) -> np.ndarray:
        """Return the squared Mahalanobis distances from the nearest class, N."""
        apart = features[:, None] - self.means
        return np.einsum("nkf,fg,nkg->nk", apart, self.precision, apart, optimize=True).min(axis=1)

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
            str(stored["layer"]),
            stored["means"],
            stored["precision"],
            float(stored["farthest"]),
            float(stored["least_energy"]),
        )


def energies(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of the exponentiated logits of each image (N×classes), N."""
    most = logits.max(axis=1)
    return most + np.log(np.exp(logits - most[:, None]).sum(axis=1))


def fit(
    layer: str, features: np.ndarray, labels: np.ndarray, held_out: tuple[np.ndarray, np.ndarray]
) -> KnownFeatures:
    """Return the familiarity of a network from features (N×features) of its training images with labels (N).

    ``held_out`` has features and logits of images that it did not learn from; they set the thresholds.
    """
    means = np.stack([features[labels == label].mean(axis=0) for label in np.unique(labels)])
    apart = features - means[labels]
    covariance = apart.T @ apart / len(apart)
    covariance += RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    found = KnownFeatures(
        layer, means.astype(np.float32), np.linalg.inv(covariance).astype(np.float32), np.inf, -np.inf
    )
    return dataclasses.replace(
        found,
        farthest=float(np.quantile(found.distances(held_out[0]), KEPT)),
        least_energy=float(np.quantile(energies(held_out[1]), 1 - KEPT)),
    )
