"""Teach a tiny network the probabilities of a large one, so that it learns which mistakes are near misses."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from core.contract.config import ClassifierConfig
from core.contract.evaluation import softmax
from core.datasets.dataset import Dataset
from core.inference.classifier import Classifier
from core.lab.training.augmentation import augment
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.short_training import ShortTraining
from core.messages import Progress, message
from core.remedies.distillation import STUDENT

TEMPERATURE = 2.0  # divides the teacher's logits; Hinton et al. chose 2 to 20
LEARNING_RATE = 0.01  # the peak
BATCH = 128
COPIES = 1  # distorted copies of the training images, beside the images themselves
COPIED_AT_ONCE = 1000  # images


def distilled(
    teacher: Classifier, data: Dataset, steps: int, seed: int, progress: Progress
) -> ClassifierTraining:
    """Return the ended training of a tiny network that has learnt a teacher's probabilities.

    The teacher answers each image and its distorted copies once. Images kept for validation calibrate the
    tiny network; neither network has learnt from the test images.
    Source: Hinton, Vinyals, Dean 2015, Distilling the knowledge in a neural network, section 2.
    """
    config = ClassifierConfig(
        architecture=STUDENT,
        dataset=data.info.name,
        augmentation="affine",
        batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        seed=seed,
    )
    training = ClassifierTraining(config, data)
    images = data.x_train[training.taught]
    images = np.concatenate([images, *(_distorted(images, seed + copy) for copy in range(COPIES))])
    progress(message("remedies.asking_the_teacher", count=len(images)), None)
    targets = softmax(teacher.logits(images) / TEMPERATURE)
    progress(message("remedies.teaching", count=steps), None)
    learner = training.learner
    ShortTraining(learner, batch_size=BATCH, learning_rate=LEARNING_RATE, change=_shifted).run(
        images, targets, steps, seed
    )
    *weights, kernel, bias = learner.get_weights()
    learner.set_weights([*weights, TEMPERATURE * kernel, TEMPERATURE * bias])  # back to a temperature of 1
    training.stop()
    for _ in training:  # calibrates, and uses the test set for the only time
        pass
    return training


def _distorted(images: np.ndarray, seed: int) -> np.ndarray:
    parts = range(0, len(images), COPIED_AT_ONCE)
    found = [
        augment(
            tf.constant(images[i : i + COPIED_AT_ONCE], tf.float32) / 255, "affine", tf.constant([seed, i])
        )
        for i in parts
    ]
    return np.round(255 * np.concatenate(found)).astype(np.uint8)


def _shifted(images: tf.Tensor, _targets: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    return augment(images, "shift", seed)
