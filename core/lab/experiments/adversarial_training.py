"""Train a network on pictures that adversarial steps have changed, against itself as it learns."""

from __future__ import annotations

from functools import partial

import keras
import numpy as np
import tensorflow as tf

from core.datasets.dataset import Dataset
from core.lab.models import factory
from core.lab.training.short_training import ShortTraining
from core.remedies.adversarial_training import ADVERSARIAL, PLAIN, AdversarialSettings

LEARNING_RATE = 0.002  # the peak
STEP_SHARE = 1.25  # of the strength: the length of the step, as in the paper


def trained_networks(settings: AdversarialSettings, data: Dataset) -> dict[str, ShortTraining]:
    """Return two networks of the same first weights and steps: without and with attacked images.

    Raises:
        ConfigError: when there is no such architecture.
    """
    targets = np.eye(len(data.info.classes), dtype=np.float32)[data.y_train]
    found = {}
    for name in (PLAIN, ADVERSARIAL):
        keras.utils.set_random_seed(settings.seed)
        model = factory.classifier(settings.architecture, data.info.shape, len(data.info.classes))
        training = ShortTraining(
            model,
            batch_size=settings.batch_size,
            learning_rate=LEARNING_RATE,
            change=partial(_attacked, model, settings.strength / 255) if name == ADVERSARIAL else None,
        )
        training.run(data.x_train, targets, settings.steps, settings.seed)
        found[name] = training
    return found


def _attacked(
    model: keras.Model, strength: float, images: tf.Tensor, targets: tf.Tensor, seed: tf.Tensor
) -> tf.Tensor:
    """Return images after one step along the sign of the gradient, from a random place near each image.

    Source: Wong, Rice, Kolter 2020, Fast is better than free: revisiting adversarial training, algorithm 3.
    """
    begun = tf.random.stateless_uniform(tf.shape(images), seed, -strength, strength)
    with tf.GradientTape() as tape:
        tape.watch(begun)
        logits = model(tf.clip_by_value(images + begun, 0.0, 1.0), training=False)
        loss = tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(targets, logits))
    stepped = begun + STEP_SHARE * strength * tf.sign(tape.gradient(loss, begun))
    return tf.clip_by_value(images + tf.clip_by_value(stepped, -strength, strength), 0.0, 1.0)
