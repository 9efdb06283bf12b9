"""Evaluate a classifier's predictions in pure NumPy, for the lab and the stage alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Cell = tuple[int, int]  # of a confusion matrix: true class, predicted class


@dataclass(frozen=True)
class Evaluation:
    """A comparison of predictions with labels."""

    accuracy: float  # 0 to 1
    loss: float  # mean cross-entropy, nats
    confusion: np.ndarray  # classes×classes, int: rows are true classes, columns predicted ones


def evaluate(logits: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Return accuracy, cross-entropy and confusion matrix of logits (N×classes) against labels (N)."""
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
class ClassifiedImages:
    """Images with their labels and a classifier's predictions."""

    images: np.ndarray  # uint8, N×H×W×C
    labels: np.ndarray  # uint8, N
    predicted: np.ndarray  # uint8, N
    probability: np.ndarray  # float32, N: of the predicted class


def images_by_cell(
    images: np.ndarray, labels: np.ndarray, logits: np.ndarray, most: int = 40
) -> ClassifiedImages:
    """Return images of each cell of the confusion matrix, at most ``most`` per cell.

    Kept are the mistakes with the highest probabilities and the correct predictions with the lowest, so the
    worst mistakes of all are among them.
    """
    predicted = logits.argmax(axis=1)
    probability = softmax(logits).max(axis=1)
    interest = np.where(predicted == labels, -probability, probability)
    order = np.lexsort((-interest, labels * logits.shape[1] + predicted))  # by cell
    cell = (labels * logits.shape[1] + predicted)[order]
    first = np.searchsorted(cell, cell)  # index at which each image's cell begins
    kept = order[np.arange(len(order)) - first < most]
    return ClassifiedImages(
        images[kept],
        labels[kept].astype(np.uint8),
        predicted[kept].astype(np.uint8),
        probability[kept].astype(np.float32),
    )


def filled_cells(confusion: np.ndarray) -> list[Cell]:
    """Return the cells that hold images: the most frequent mistakes first, then correct predictions."""
    filled = [(int(true), int(predicted)) for true, predicted in np.argwhere(confusion)]
    wrong = sorted((cell for cell in filled if cell[0] != cell[1]), key=lambda cell: -confusion[cell])
    return [*wrong, *(cell for cell in filled if cell[0] == cell[1])]


def count_in_cell(confusion: np.ndarray, cell: Cell | None) -> int:
    """Return the number of images in a cell; without a cell, that of all mistakes."""
    return int(confusion[cell]) if cell else int(confusion.sum() - np.trace(confusion))


def places_in_cell(images: ClassifiedImages, cell: Cell | None) -> list[int]:
    """Return the indices of a cell's images; without a cell, those of all mistakes.

    Mistakes come by falling probability, and correct predictions by rising probability, so that the most
    surprising images are first.
    """
    if cell is None:
        inside = images.labels != images.predicted
    else:
        inside = (images.labels == cell[0]) & (images.predicted == cell[1])
    surprise = images.probability if is_mistake(cell) else -images.probability
    order = np.argsort(-surprise, kind="stable")
    return [int(i) for i in order[inside[order]]]


def is_mistake(cell: Cell | None) -> bool:
    """Return whether a cell holds mistakes; without a cell, all mistakes are meant."""
    return cell is None or cell[0] != cell[1]


def log_sum_exp(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of exponentials along the last axis (kept), without overflow."""
    peak = logits.max(axis=-1, keepdims=True)
    return peak + np.log(np.exp(logits - peak).sum(axis=-1, keepdims=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of logits, along the last axis."""
    return np.exp(logits - log_sum_exp(logits))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature by which logits are divided to calibrate the probabilities.

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
    """Return the highest probability that a share ``kept`` of held-out images (N×classes) reaches.

    An image whose highest probability is lower is called unknown instead of being assigned a class
    (Hendrycks, Gimpel 2017, section 3).
    """
    return float(np.quantile(probabilities.max(axis=1), 1 - kept))


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Return the mean gap between probability and accuracy over equal bins, weighted by their images, 0 to 1.

    Source: Guo et al. 2017, section 2.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
