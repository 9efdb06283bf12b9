"""Create the training that a configuration describes."""

from __future__ import annotations

import tensorflow as tf

from core.contract.config import ClassifierConfig, TrainingConfig
from core.datasets import registry
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.gan_training import GanTraining
from core.messages import Progress


def start(config: TrainingConfig, progress: Progress | None = None) -> ClassifierTraining | GanTraining:
    """Load the data and build the model; iterate over the result to train.

    ``progress(message, share)`` is called while data are loaded; the share is None if it is unknown.

    Raises:
        DatasetError: when the data set cannot be loaded.
    """
    # TensorFlow's graph optimiser takes up to a second before the first step, and no later step is faster.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed, progress=progress)
    if isinstance(config, ClassifierConfig):
        return ClassifierTraining(config, data)
    return GanTraining(config, data)
