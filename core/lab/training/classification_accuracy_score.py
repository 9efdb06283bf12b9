"""Measure how well a classifier learns from a generator's images."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, Finished
from core.datasets.dataset import Dataset
from core.images.reduction import reduced
from core.lab.training.classifier_training import ClassifierTraining

ARCHITECTURE = "tutorial"
EPOCHS = 5  # of the tutorial's own program
BATCH = 500  # images that are classified at once
SIDE = 32  # pixels to which larger images are reduced, where this divides theirs: four times as fast


class ScoredClassifier:
    """The tutorial's CNN, trained on some images alone; ``accuracy`` (0 to 1) is that on real test images."""

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        data: Dataset,
        seed: int = 0,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        shape = _small(data.x_test[:1]).shape[1:]
        taught = dataclasses.replace(
            data,
            info=dataclasses.replace(data.info, shape=shape),
            x_train=_small(images),
            y_train=labels.astype(np.uint8),
            x_test=_small(data.x_test),
        )
        config = ClassifierConfig(
            architecture=ARCHITECTURE, dataset=data.info.name, epochs=EPOCHS, batch_size=64, seed=seed
        )
        training = ClassifierTraining(config, taught)
        for event in training:
            if progress and isinstance(event, ClassifierSteps):
                progress(event.step / training.total_steps)
            if isinstance(event, Finished):
                self.accuracy = event.metrics["test_accuracy"]
        self._model = training.model

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the logits (N×classes) of images (N×H×W×C uint8)."""
        parts = []
        for first in range(0, len(images), BATCH):
            levels = tf.constant(_small(images[first : first + BATCH]), tf.float32) / 255
            parts.append(np.asarray(self._model(levels, training=False)))
        return np.concatenate(parts)


def _small(images: np.ndarray) -> np.ndarray:
    """Return images (N×H×W×C uint8) as the CNN sees them."""
    return reduced(images, SIDE) if images.shape[1] > SIDE and images.shape[1] % SIDE == 0 else images


def classification_accuracy_score(
    images: np.ndarray,
    labels: np.ndarray,
    data: Dataset,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> float:
    """Train the tutorial's CNN on these images alone; return its accuracy, 0 to 1, on real test images.

    ``images`` are N×H×W×C uint8 of the classes ``labels`` (N). Compare with the score of the real
    training images.
    Source: Ravuri, Vinyals 2019, Classification accuracy score for conditional generative models.
    """
    return ScoredClassifier(images, labels, data, seed, progress).accuracy
