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


def log_sum_exp(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of exponentials along the last axis (kept), without overflow."""
    peak = logits.max(axis=-1, keepdims=True)
    return peak + np.log(np.exp(logits - peak).sum(axis=-1, keepdims=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities from logits along the last axis."""
    return np.exp(logits - log_sum_exp(logits))
