"""Measure the models of bundles through LiteRT, which also runs them for visitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.bundles.bundle import Card
from core.contract.evaluation import Evaluation, evaluate
from core.inference.classifier import Classifier
from core.inference.fidelity import (
    frechet_distance,
    nearest_images,
    parzen_log_likelihood,
    recall_and_coverage,
)
from core.inference.generator import Generator

if TYPE_CHECKING:
    from core.datasets.dataset import Dataset

STEP = 1000  # images between two reports of progress
NEAREST = 2000  # images whose nearest training image is searched; enough for a median
PARZEN_VALIDATION = 1000  # images by which the width is chosen, as in the authors' script

Progress = Callable[[float], None]
Features = Callable[[np.ndarray], np.ndarray]  # N×D of images


class Examiner(Protocol):
    """A classifier that looks at images."""

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the logits (N×classes) of images (N×H×W×C uint8)."""


@dataclass(frozen=True)
class ConditionalAccuracy:
    """Share of a generator's images that a classifier assigns to the requested class."""

    accuracy: float  # 0 to 1
    by_class: tuple[float, ...]
    samples: int


@dataclass(frozen=True)
class FeatureFidelity:
    """Distances of generated images from the test images in the features of a network.

    Each stands beside that of real training images.
    """

    frechet_distance: float
    frechet_distance_real: float
    recall_by_class: tuple[float, ...]
    recall_by_class_real: tuple[float, ...]
    coverage_by_class: tuple[float, ...]
    coverage_by_class_real: tuple[float, ...]

    @property
    def frechet_ratio(self) -> float:
        """Fréchet distance as a multiple of that of real images."""
        return self.frechet_distance / self.frechet_distance_real


@dataclass(frozen=True)
class Fidelity(FeatureFidelity):
    """Closeness in features, and distances of images to their nearest training image."""

    nearest_training_distance: float  # median; far below the next: images were memorised
    nearest_training_distance_real: float  # of test images; both Euclidean, levels 0 to 255


def measure_classifier(
    classifier: Examiner,
    images: np.ndarray,
    labels: np.ndarray,
    progress: Progress | None = None,
    *,
    mirrored: bool = False,
) -> Evaluation:
    """Return accuracy, loss and confusion matrix on images (N×H×W×C uint8) with labels (N).

    ``mirrored``: by the mean of the logits of each image and of its mirror image.
    """
    logits = []
    for i in range(0, len(images), STEP):
        part = images[i : i + STEP]
        found = classifier.logits(part)
        if mirrored:
            found = (found + classifier.logits(part[:, :, ::-1])) / 2
        logits.append(found)
        if progress:
            progress(min(1.0, (i + STEP) / len(images)))
    return evaluate(np.concatenate(logits), labels.astype(np.int64))


def measure_generator(
    generator: Generator, classifier: Examiner, samples: int, seed: int, progress: Progress | None = None
) -> ConditionalAccuracy:
    """Return the share of samples that the classifier assigns to the requested class; classes come in turn.

    Source: Shmelkov, Schmid, Alahari 2018, How good is my GAN?, section 3 (there as GAN-test).
    """
    labels = np.arange(samples) % len(generator.card.classes)
    latent = generator.latent(samples, seed)
    right = np.zeros(samples, bool)
    for i in range(0, samples, STEP):
        part = slice(i, i + STEP)
        images = generator.draw(labels[part], latent[part])
        right[part] = classifier.logits(images).argmax(axis=1) == labels[part]
        if progress:
            progress(min(1.0, (i + STEP) / samples))
    by_class = tuple(float(right[labels == k].mean()) for k in range(len(generator.card.classes)))
    return ConditionalAccuracy(float(right.mean()), by_class, samples)


def measure_fidelity(
    generator: Generator,
    features_of: Features,
    data: Dataset,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> Fidelity:
    """Compare images in the features of a network (``measure_features``), and with training images."""
    found = measure_features(generator, features_of, data, samples, seed, progress)
    labels = data.y_train[_chosen(data, samples, seed)][:NEAREST]
    drawn = generator.draw(labels, generator.latent(samples, seed)[: len(labels)])
    return Fidelity(
        **vars(found),
        nearest_training_distance=_median_distance(drawn, data.x_train),
        nearest_training_distance_real=_median_distance(data.x_test, data.x_train),
    )


def measure_features(
    generator: Generator,
    features_of: Features,
    data: Dataset,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> FeatureFidelity:
    """Compare generated images, and as many real training images, with the test images of ``data``.

    Classes are requested in the training images' proportions: with equal shares, even a perfect generator
    would score badly where the data have fewer images of a class. Recall and coverage are computed for each
    class separately. ``features_of`` returns the features (N×D) of images (N×H×W×C uint8).
    Sources: see ``core.inference.fidelity``.
    """
    report = progress or (lambda share: None)
    classes = len(generator.card.classes)
    chosen = _chosen(data, samples, seed)
    labels = data.y_train[chosen]
    drawn = generator.draw(labels, generator.latent(samples, seed))
    report(0.2)
    test, real, generated = (features_of(x) for x in (data.x_test, data.x_train[chosen], drawn))
    report(0.5)
    of_generated, of_real = (
        [recall_and_coverage(test[data.y_test == k], features[labels == k]) for k in range(classes)]
        for features in (generated, real)
    )
    report(0.7)
    return FeatureFidelity(
        frechet_distance=frechet_distance(test, generated),
        frechet_distance_real=frechet_distance(test, real),
        recall_by_class=tuple(found.recall for found in of_generated),
        recall_by_class_real=tuple(found.recall for found in of_real),
        coverage_by_class=tuple(found.coverage for found in of_generated),
        coverage_by_class_real=tuple(found.coverage for found in of_real),
    )


def _chosen(data: Dataset, samples: int, seed: int) -> np.ndarray:
    """Return the indices of training images whose classes are requested."""
    return np.random.default_rng(seed).permutation(len(data.x_train))[:samples]


def _median_distance(images: np.ndarray, others: np.ndarray) -> float:
    """Return the median distance of the first images to their nearest of the others."""
    return float(np.median(nearest_images(images[:NEAREST], others)[1]))


def measure_parzen(generator: Generator, data: Dataset, samples: int, seed: int) -> tuple[float, float]:
    """Return the Parzen-window log-likelihood of the test images and its standard error, in nats.

    Source: Goodfellow et al. 2014, table 1.
    """
    labels = np.arange(samples) % len(generator.card.classes)
    drawn, validation, test = (
        x.reshape(len(x), -1).astype(np.float32) / 255
        for x in (
            generator.draw(labels, generator.latent(samples, seed)),
            data.x_train[-PARZEN_VALIDATION:],
            data.x_test,
        )
    )
    return parzen_log_likelihood(drawn, validation, test)


def classifier_features(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    """Return the input of the classifier's output layer: its last activation before the logits, N×D."""
    name = last_features(classifier.card)
    parts = [classifier.activations(images[i : i + STEP])[name] for i in range(0, len(images), STEP)]
    return np.concatenate(parts).reshape(len(images), -1)


def last_features(card: Card) -> str:
    """Return the name of a classifier's last activation before the logits."""
    return [name for name in card.activations if name != "logits"][-1]
