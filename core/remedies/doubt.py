"""Measure how far probabilities can be trusted: calibration, and accuracy if doubtful answers are refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 10
COVERAGES = np.linspace(0.8, 1.0, 101)
ACCEPTED = 0.98  # share of the test images that a threshold of refusal accepts


@dataclass(frozen=True, eq=False)
class Reliability:
    """Answers by the probability that the network gave them, in equal bins; empty bins are left out."""

    probability: np.ndarray  # mean of each bin, 0 to 1
    accuracy: np.ndarray  # of each bin, 0 to 1
    count: np.ndarray  # images of each bin


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> Reliability:
    """Return the reliability diagram of probabilities (N×classes).

    Source: Guo et al. 2017, On calibration of modern neural networks, section 2.
    """
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((top * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    filled = count > 0
    sums = (np.bincount(place, weights=values, minlength=bins)[filled] for values in (top, right))
    probability, accuracy = (total / count[filled] for total in sums)
    return Reliability(probability, accuracy, count[filled])


def accuracy_over_coverage(
    probabilities: np.ndarray, labels: np.ndarray, coverages: np.ndarray = COVERAGES
) -> np.ndarray:
    """Return the accuracy on the images with the highest probabilities, for each share that is answered.

    Source: Geifman, El-Yaniv 2017, Selective classification for deep neural networks, section 2.
    """
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    right = (probabilities.argmax(axis=1) == labels)[order]
    counts = np.maximum(1, np.round(coverages * len(labels)).astype(int))
    return np.cumsum(right)[counts - 1] / counts


def refused_share(probabilities: np.ndarray, foreign: np.ndarray, accepted: float = ACCEPTED) -> float:
    """Return the share of foreign images (M×classes) below a probability that ``accepted`` test images reach.

    Source: Hendrycks, Gimpel 2017, A baseline for detecting misclassified and out-of-distribution examples.
    """
    threshold = np.quantile(probabilities.max(axis=1), 1 - accepted)
    return float(np.mean(foreign.max(axis=1) < threshold))
