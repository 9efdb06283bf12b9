"""Measure how close generated images come to real ones, by distances between sets of feature vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLOCK = 1000  # rows of a distance matrix that are in memory at once
POOL = 5000  # images that are floats at once: all of a data set in colour would take a gigabyte


@dataclass(frozen=True)
class RecallAndCoverage:
    """Shares of the real images' variety that generated images reach, each from 0 to 1."""

    recall: float  # share of real images within the neighbourhood of some generated image
    coverage: float  # share of real images with a generated image in their neighbourhood


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return the Fréchet distance between two sets of features (N×D and M×D), each fitted by one Gaussian.

    Source: Heusel et al. 2017, section 3 (there in the features of Inception).
    """
    first, second = first.astype(np.float64), second.astype(np.float64)
    gap = first.mean(axis=0) - second.mean(axis=0)
    one, two = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # The eigenvalues are those of a symmetric matrix, so rounding cannot make them complex.
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)).sum()
    return float(gap @ gap + np.trace(one) + np.trace(two) - 2 * shared)


def recall_and_coverage(real: np.ndarray, generated: np.ndarray, neighbours: int = 5) -> RecallAndCoverage:
    """Return recall and coverage of features of real (N×D) and generated images (M×D).

    The neighbourhood of a vector reaches to its k-th nearest neighbour in its own set.
    Source: Kynkäänniemi et al. 2019, section 2 (recall); Naeem et al. 2020, section 3 (coverage).
    """
    between = np.sqrt(_squared_distances(real, generated))
    return RecallAndCoverage(
        recall=float(np.mean((between <= _neighbourhood_radii(generated, neighbours)[None, :]).any(axis=1))),
        coverage=float(np.mean((between <= _neighbourhood_radii(real, neighbours)[:, None]).any(axis=1))),
    )


def nearest_images(images: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the index of the nearest of the others (M×…) to each image (N×…), and the distances to them.

    Distances are Euclidean, over levels from 0 to 255.
    """
    flat = images.reshape(len(images), -1).astype(np.float32)
    index, least = np.zeros(len(flat), np.int64), np.full(len(flat), np.inf)
    for first in range(0, len(others), POOL):
        pool = others[first : first + POOL]
        pool = pool.reshape(len(pool), -1).astype(np.float32)
        for i in range(0, len(flat), BLOCK):
            part = slice(i, i + BLOCK)
            squared = _squared_distances(flat[part], pool)
            best = squared.min(axis=1)
            index[part] = np.where(best < least[part], first + squared.argmin(axis=1), index[part])
            least[part] = np.minimum(best, least[part])
    return index, np.sqrt(least)


def parzen_log_likelihood(
    samples: np.ndarray, validation: np.ndarray, test: np.ndarray, widths: int = 10
) -> tuple[float, float]:
    """Return the mean log-likelihood of test images under Gaussians around samples, and its standard error.

    Both are in nats; all images are N×D with levels from 0 to 1. The Gaussians share the width under which
    the validation images are likeliest, among ``widths`` values from 0.1 to 1, evenly spaced in logarithm.
    Source: Breuleux, Bengio, Vincent 2011; Goodfellow et al. 2014, section 5, and the authors' script.
    """
    candidates = np.logspace(-1, 0, widths)
    width = max(candidates, key=lambda sigma: _log_likelihoods(validation, samples, sigma).mean())
    likelihoods = _log_likelihoods(test, samples, width)
    return float(likelihoods.mean()), float(likelihoods.std() / np.sqrt(len(likelihoods)))


def _log_likelihoods(images: np.ndarray, centres: np.ndarray, sigma: float) -> np.ndarray:
    """Return the logarithm of each image's density under equal Gaussians around the centres (N)."""
    parts = []
    for i in range(0, len(images), BLOCK):
        exponents = -_squared_distances(images[i : i + BLOCK], centres) / (2 * sigma**2)
        peak = exponents.max(axis=1, keepdims=True)
        parts.append(peak[:, 0] + np.log(np.exp(exponents - peak).mean(axis=1)))
    return np.concatenate(parts) - images.shape[1] * np.log(sigma * np.sqrt(2 * np.pi))


def _neighbourhood_radii(features: np.ndarray, neighbours: int) -> np.ndarray:
    """Return each vector's distance to its k-th nearest neighbour (N); 0 for a single vector."""
    if len(features) < 2:
        return np.zeros(len(features))
    squared = _squared_distances(features, features)
    np.fill_diagonal(squared, np.inf)
    last = min(neighbours, len(features) - 1) - 1
    return np.sqrt(np.partition(squared, last, axis=1)[:, last])


def _squared_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the squared Euclidean distances (N×M) between two sets of vectors (N×D and M×D)."""
    products = first @ second.T
    squared = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1)[None, :] - 2 * products
    return np.maximum(squared, 0)
