"""How close drawn images come to real ones: distances between two sets of feature vectors, pure NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLOCK = 1000  # rows of a distance matrix held at a time


@dataclass(frozen=True)
class Manifold:
    """How much of the real images' variety the drawn ones have; each from 0 to 1."""

    recall: float  # real images that lie within some drawn image's neighbourhood
    coverage: float  # real images whose neighbourhood holds some drawn image


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """The Fréchet distance between two sets of features (N×D and M×D), each taken as one Gaussian.

    Source: Heusel et al. 2017, section 3 (there in the features of Inception).
    """
    first, second = first.astype(np.float64), second.astype(np.float64)
    gap = first.mean(axis=0) - second.mean(axis=0)
    one, two = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # The root of the product has the eigenvalues of a symmetric matrix, which no rounding makes complex.
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)).sum()
    return float(gap @ gap + np.trace(one) + np.trace(two) - 2 * shared)


def manifold(real: np.ndarray, drawn: np.ndarray, neighbours: int = 5) -> Manifold:
    """Recall and coverage of features (N×D and M×D); a neighbourhood reaches to the k-th nearest of its own.

    Source: Kynkäänniemi et al. 2019, section 2 (recall); Naeem et al. 2020, section 3 (coverage).
    """
    between = np.sqrt(_squared_distances(real, drawn))
    return Manifold(
        recall=float(np.mean((between <= _reach(drawn, neighbours)[None, :]).any(axis=1))),
        coverage=float(np.mean((between <= _reach(real, neighbours)[:, None]).any(axis=1))),
    )


def nearest(images: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each image (N×…) the index of the nearest of the others (M×…), and how far it is.

    The distance is Euclidean over pixels with levels from 0 to 255.
    """
    flat, pool = (x.reshape(len(x), -1).astype(np.float32) for x in (images, others))
    index, distance = np.zeros(len(flat), np.int64), np.zeros(len(flat))
    for i in range(0, len(flat), BLOCK):
        squared = _squared_distances(flat[i : i + BLOCK], pool)
        index[i : i + BLOCK] = squared.argmin(axis=1)
        distance[i : i + BLOCK] = np.sqrt(squared.min(axis=1))
    return index, distance


def parzen_log_likelihood(
    samples: np.ndarray, validation: np.ndarray, test: np.ndarray, widths: int = 10
) -> tuple[float, float]:
    """Mean log-likelihood of test images and its standard error (nats), under Gaussians around the samples.

    All are N×D with levels from 0 to 1. The Gaussians' width is the one of ``widths`` between 0.1 and 1,
    evenly spaced in logarithm, under which the validation images are likeliest.
    Source: Breuleux, Bengio, Vincent 2011; Goodfellow et al. 2014, section 5, and the authors' script.
    """
    candidates = np.logspace(-1, 0, widths)
    width = max(candidates, key=lambda sigma: _log_likelihoods(validation, samples, sigma).mean())
    found = _log_likelihoods(test, samples, width)
    return float(found.mean()), float(found.std() / np.sqrt(len(found)))


def _log_likelihoods(images: np.ndarray, centres: np.ndarray, sigma: float) -> np.ndarray:
    """The logarithm of the density of each image under equal Gaussians around the centres."""
    found = []
    for i in range(0, len(images), BLOCK):
        exponents = -_squared_distances(images[i : i + BLOCK], centres) / (2 * sigma**2)
        peak = exponents.max(axis=1, keepdims=True)
        found.append(peak[:, 0] + np.log(np.exp(exponents - peak).mean(axis=1)))
    return np.concatenate(found) - images.shape[1] * np.log(sigma * np.sqrt(2 * np.pi))


def _reach(features: np.ndarray, neighbours: int) -> np.ndarray:
    """How far each one's k-th nearest neighbour lies; itself is none, and one alone has no neighbourhood."""
    if len(features) < 2:
        return np.zeros(len(features))
    squared = _squared_distances(features, features)
    np.fill_diagonal(squared, np.inf)
    last = min(neighbours, len(features) - 1) - 1
    return np.sqrt(np.partition(squared, last, axis=1)[:, last])


def _squared_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """N×M squared Euclidean distances of N×D to M×D."""
    products = first @ second.T
    squared = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1)[None, :] - 2 * products
    return np.maximum(squared, 0)
