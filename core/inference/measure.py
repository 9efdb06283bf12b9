"""What a bundle is worth, measured through LiteRT, as it will be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.inference.classifier import Classifier
from core.inference.generator import Generator
from core.training.evaluation import Evaluation, evaluate

STEP = 1000  # images between two reports of progress

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Obedience:
    """How often a generator draws the class it is asked for, as another network sees it."""

    accuracy: float  # conditional accuracy, 0 to 1
    by_class: tuple[float, ...]
    samples: int


def measure_classifier(
    classifier: Classifier, images: np.ndarray, labels: np.ndarray, progress: Progress | None = None
) -> Evaluation:
    """Accuracy, loss and confusion matrix on images (N×H×W×C uint8) with labels (N)."""
    logits = []
    for i in range(0, len(images), STEP):
        logits.append(classifier.logits(images[i : i + STEP]))
        if progress:
            progress(min(1.0, (i + STEP) / len(images)))
    return evaluate(np.concatenate(logits), labels.astype(np.int64))


def measure_generator(
    generator: Generator, judge: Classifier, samples: int, seed: int, progress: Progress | None = None
) -> Obedience:
    """Conditional accuracy: the share of samples, classes in turn, that the judge gives the class asked for.

    Source: Shmelkov, Schmid, Alahari 2018, How good is my GAN?, section 3 (there as GAN-test).
    """
    labels = np.arange(samples) % len(generator.card.classes)
    latent = generator.latent(samples, seed)
    right = np.zeros(samples, bool)
    for i in range(0, samples, STEP):
        part = slice(i, i + STEP)
        images = generator.draw(labels[part], latent[part])
        right[part] = judge.logits(images).argmax(axis=1) == labels[part]
        if progress:
            progress(min(1.0, (i + STEP) / samples))
    by_class = tuple(float(right[labels == k].mean()) for k in range(len(generator.card.classes)))
    return Obedience(float(right.mean()), by_class, samples)
