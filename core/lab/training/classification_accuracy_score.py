"""Measure how well a classifier learns from a generator's images."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, Finished
from core.datasets.dataset import Dataset
from core.lab.training.classifier_training import ClassifierTraining

EPOCHS = 5  # of the tutorial's own program


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
    taught = dataclasses.replace(data, x_train=images, y_train=labels.astype(np.uint8))
    config = ClassifierConfig(
        architecture="tutorial", dataset=data.info.name, epochs=EPOCHS, batch_size=64, seed=seed
    )
    training = ClassifierTraining(config, taught)
    for event in training:
        if progress and isinstance(event, ClassifierSteps):
            progress(event.step / training.total_steps)
        if isinstance(event, Finished):
            return event.metrics["test_accuracy"]
    raise AssertionError("a training ends with Finished")
