"""Measure how well a classifier learns from a generator's images."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import keras
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
        shape = _seen(data.x_test[:1]).shape[1:]
        taught = dataclasses.replace(
            data,
            info=dataclasses.replace(data.info, shape=shape),
            x_train=_seen(images),
            y_train=labels.astype(np.uint8),
            x_test=_seen(data.x_test),
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
        self._before_logits = keras.Model(self._model.inputs, self._model.layers[-1].input)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the logits (N×classes) of images (N×H×W×C uint8)."""
        return _in_batches(self._model, images)

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return the input (N×D) of the output layer, the last activation before the logits."""
        return _in_batches(self._before_logits, images)


def _in_batches(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return a network's outputs for images (N×H×W×C uint8)."""
    parts = []
    for first in range(0, len(images), BATCH):
        levels = tf.constant(_seen(images[first : first + BATCH]), tf.float32) / 255
        parts.append(np.asarray(model(levels, training=False)))
    return np.concatenate(parts)


def _seen(images: np.ndarray) -> np.ndarray:
    """Return images (N×H×W×C uint8) as the CNN sees them; those of 16 pixels a side are too small for it."""
    side = images.shape[1]
    if side > SIDE and side % SIDE == 0:
        return reduced(images, SIDE)
    return images.repeat(SIDE // side, axis=1).repeat(SIDE // side, axis=2) if side <= SIDE // 2 else images


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
