"""What a bundle is worth, measured through LiteRT, as it will be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.bundles.bundle import Card
from core.contract.evaluation import Evaluation, evaluate
from core.inference.classifier import Classifier
from core.inference.fidelity import frechet_distance, manifold, nearest, parzen_log_likelihood
from core.inference.generator import Generator

if TYPE_CHECKING:
    from core.datasets.dataset import Dataset

STEP = 1000  # images between two reports of progress
NEAREST = 2000  # images whose nearest training image is looked for: the median needs no more
PARZEN_VALIDATION = 1000  # images that choose the width, as in the authors' script

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Obedience:
    """How often a generator draws the class it is asked for, as another network sees it."""

    accuracy: float  # conditional accuracy, 0 to 1
    by_class: tuple[float, ...]
    samples: int


@dataclass(frozen=True)
class Fidelity:
    """How close drawn images come to real ones, each figure beside what real training images reach.

    All are measured against the test images, in the features of another network (``features_of``).
    """

    frechet_distance: float
    frechet_distance_real: float
    recall_by_class: tuple[float, ...]
    recall_by_class_real: tuple[float, ...]
    coverage_by_class: tuple[float, ...]
    coverage_by_class_real: tuple[float, ...]
    nearest_training_distance: float  # median, Euclidean, levels 0 to 255: far below the next is memorised
    nearest_training_distance_real: float  # the same of test images


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


def measure_fidelity(
    generator: Generator,
    judge: Classifier,
    data: Dataset,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> Fidelity:
    """Drawn images against the test images of ``data``, beside as many real training images against the same.

    The classes asked for are those of the training images beside them: asked for all alike, a perfect
    generator would be found wanting for the classes that the data have fewer of.

    Sources: those of ``core.inference.fidelity``; recall and coverage are of each class by itself.
    """
    report = progress or (lambda share: None)
    classes = len(generator.card.classes)
    chosen = np.random.default_rng(seed).permutation(len(data.x_train))[:samples]
    labels = data.y_train[chosen]
    drawn = generator.draw(labels, generator.latent(samples, seed))
    report(0.2)
    test, real, fake = (features_of(judge, x) for x in (data.x_test, data.x_train[chosen], drawn))
    report(0.5)
    of_class = [(data.y_test == k, data.y_train[chosen] == k, labels == k) for k in range(classes)]
    made = [manifold(test[at_test], fake[at_fake]) for at_test, _, at_fake in of_class]
    same = [manifold(test[at_test], real[at_real]) for at_test, at_real, _ in of_class]
    report(0.7)
    return Fidelity(
        frechet_distance=frechet_distance(test, fake),
        frechet_distance_real=frechet_distance(test, real),
        recall_by_class=tuple(m.recall for m in made),
        recall_by_class_real=tuple(m.recall for m in same),
        coverage_by_class=tuple(m.coverage for m in made),
        coverage_by_class_real=tuple(m.coverage for m in same),
        nearest_training_distance=float(np.median(nearest(drawn[:NEAREST], data.x_train)[1])),
        nearest_training_distance_real=float(np.median(nearest(data.x_test[:NEAREST], data.x_train)[1])),
    )


def measure_parzen(generator: Generator, data: Dataset, samples: int, seed: int) -> tuple[float, float]:
    """The Parzen-window log-likelihood of the test images and its standard error, nats.

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


def features_of(judge: Classifier, images: np.ndarray) -> np.ndarray:
    """What the judge's output layer sees: its last activation before the logits, N×D."""
    name = last_features(judge.card)
    parts = [judge.activations(images[i : i + STEP])[name] for i in range(0, len(images), STEP)]
    return np.concatenate(parts).reshape(len(images), -1)


def last_features(card: Card) -> str:
    """The name of a classifier's last activation before the logits."""
    return [name for name in card.activations if name != "logits"][-1]
