"""Create the training that a configuration describes."""

from __future__ import annotations

import tensorflow as tf

from core.bundles.bundle import pretrained
from core.contract.architectures import is_fine_tuned
from core.contract.config import ClassifierConfig, TrainingConfig
from core.datasets import registry
from core.datasets.sources.own import photographs
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.fine_tuning import FineTuning
from core.lab.training.gan_training import GanTraining
from core.messages import Progress


def start(config: TrainingConfig, progress: Progress | None = None) -> ClassifierTraining | GanTraining:
    """Load the data and build the model; iterate over the result to train.

    ``progress(message, share)`` is called while data are loaded; the share is None if it is unknown.

    Raises:
        DatasetError: when the data set cannot be loaded.
        BundleError: when the network to begin with is missing or altered.
    """
    # TensorFlow's graph optimiser takes up to a second before the first step, and no later step is faster.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    if isinstance(config, ClassifierConfig) and is_fine_tuned(config.architecture):
        return _fine_tuning(config, progress or (lambda told, share: None))
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed, progress=progress)
    if isinstance(config, ClassifierConfig):
        return ClassifierTraining(config, data)
    return GanTraining(config, data)


def _fine_tuning(config: ClassifierConfig, progress: Progress) -> FineTuning:
    """Return the training of the shipped network of that name, with pictures in the size that it reads."""
    backbone = pretrained(config.architecture)
    wanted = backbone.card.preprocessing
    data = photographs(config.dataset, wanted, config.train_size, config.seed, progress)
    return FineTuning.of_photographs(config, data, backbone, progress)
