"""Compute one step of training term by term, as the page Inside shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LARGEST_POWER = 600.0  # e to the power of this, times many classes, is still a float64
ADAM_DECAYS = (0.9, 0.999)  # of the running means of gradients and of their squares, as in Keras


@dataclass(frozen=True)
class SoftmaxTerms:
    """Softmax of one image's logits, with its intermediate terms, float64."""

    logits: np.ndarray  # classes; divided by the temperature
    exponentials: np.ndarray  # classes: e to the power of each logit
    total: float  # their sum
    probabilities: np.ndarray  # classes


def softmax_terms(logits: np.ndarray, temperature: float = 1.0) -> SoftmaxTerms:
    """Return the terms of the softmax of logits (classes), which are divided by the temperature before.

    Logits too large for a float64's power are lowered alike, which changes no probability.
    """
    logits = logits.astype(np.float64) / temperature
    logits = logits - max(0.0, float(logits.max()) - LARGEST_POWER)
    exponentials = np.exp(logits)
    total = float(exponentials.sum())
    return SoftmaxTerms(logits, exponentials, total, exponentials / total)


def glorot_limit(fan_in: int, fan_out: int) -> float:
    """Return the largest weight that Glorot's uniform initialiser draws.

    Source: Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward networks, (16).
    """
    return math.sqrt(6 / (fan_in + fan_out))


def logit_gradients(probabilities: np.ndarray, label: int, images: int) -> np.ndarray:
    """Return the gradient of a batch's mean cross-entropy with respect to one image's logits (classes)."""
    gradients = probabilities.astype(np.float64)
    gradients[label] -= 1
    return gradients / images


def most_probable_other(probabilities: np.ndarray, label: int) -> int:
    """Return the most probable class other than ``label``; ``probabilities`` has one number per class."""
    return next(int(k) for k in np.argsort(-probabilities) if k != label)


def chance_loss(classes: int) -> float:
    """Return the cross-entropy, in nats, of a network that gives all classes the same probability."""
    return math.log(classes)


def corrected_moments(first: float, second: float, step: int) -> tuple[float, float]:
    """Return Adam's running means of a gradient and of its square, corrected for their start from zero.

    Source: Kingma, Ba 2015, Adam, algorithm 1.
    """
    return first / (1 - ADAM_DECAYS[0] ** step), second / (1 - ADAM_DECAYS[1] ** step)


def read_correctly(logits: np.ndarray, labels: np.ndarray) -> int:
    """Return the number of images whose highest logit (N×classes) is that of their label (N)."""
    return int((logits.argmax(axis=1) == labels).sum())
