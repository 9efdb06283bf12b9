"""What a classifier's answers are worth: pure NumPy, for the lab and the stage alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Evaluation:
    """How the answers compare with the labels."""

    accuracy: float  # 0 to 1
    loss: float  # mean cross-entropy, nats
    confusion: np.ndarray  # classes×classes, int: rows are true classes, columns predicted ones


def evaluate(logits: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Accuracy, cross-entropy and confusion matrix of logits (N×classes) against labels (N)."""
    predicted = logits.argmax(axis=1)
    log_probability = logits - log_sum_exp(logits)
    confusion = np.zeros((logits.shape[1],) * 2, np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    return Evaluation(
        accuracy=float(np.mean(predicted == labels)),
        loss=float(-np.mean(log_probability[np.arange(len(labels)), labels])),
        confusion=confusion,
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """Images and what a classifier takes them for."""

    images: np.ndarray  # uint8, N×H×W×C
    labels: np.ndarray  # uint8, N
    predicted: np.ndarray  # uint8, N
    probability: np.ndarray  # float32, N: of the predicted class


def behind_cells(images: np.ndarray, labels: np.ndarray, logits: np.ndarray, most: int = 40) -> Judged:
    """The most telling images behind each cell of the confusion matrix, at most ``most`` a cell.

    Those are the mistakes of which the classifier is surest, and the right answers of which it is least sure;
    so the worst mistakes of all are always among them.
    """
    predicted = logits.argmax(axis=1)
    probability = softmax(logits).max(axis=1)
    telling = np.where(predicted == labels, -probability, probability)
    order = np.lexsort((-telling, labels * logits.shape[1] + predicted))  # by cell, the most telling first
    cell = (labels * logits.shape[1] + predicted)[order]
    first = np.searchsorted(cell, cell)  # where each one's cell begins
    kept = order[np.arange(len(order)) - first < most]
    return Judged(
        images[kept],
        labels[kept].astype(np.uint8),
        predicted[kept].astype(np.uint8),
        probability[kept].astype(np.float32),
    )


def log_sum_exp(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of exponentials along the last axis (kept), without overflow."""
    peak = logits.max(axis=-1, keepdims=True)
    return peak + np.log(np.exp(logits - peak).sum(axis=-1, keepdims=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities from logits along the last axis."""
    return np.exp(logits - log_sum_exp(logits))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature by which logits are to be divided so that probabilities mean what they say.

    It minimises the cross-entropy on held-out data, by ternary search over its logarithm (the loss has one
    minimum in it). Source: Guo et al. 2017, On calibration of modern neural networks, section 4.2.
    """
    low, high = np.log(0.05), np.log(20.0)
    for _ in range(40):
        third = (high - low) / 3
        left, right = (evaluate(logits / np.exp(t), labels).loss for t in (low + third, high - third))
        low, high = (low, high - third) if left < right else (low + third, high)
    return float(np.exp((low + high) / 2))


def refusal_threshold(probabilities: np.ndarray, kept: float = 0.98) -> float:
    """The confidence that a share ``kept`` of held-out images (probabilities, N×classes) reaches.

    An image of which a network is less sure is refused rather than guessed at: the largest probability as
    the mark of the unknown (Hendrycks, Gimpel 2017, section 3).
    """
    return float(np.quantile(probabilities.max(axis=1), 1 - kept))


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """The mean gap between confidence and accuracy over equal bins, weighted by their images, 0 to 1.

    Source: Guo et al. 2017, section 2.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
