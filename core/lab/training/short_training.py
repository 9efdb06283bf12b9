"""Train one network many times, each time for a stated number of steps, and trace it only once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

from core.lab.training.fast import FusedAdam, learning_pass
from core.lab.training.schedule import one_cycle

EVALUATION_BATCH = 500
Change = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]
"""Function from images (float32 in [0, 1], N×H×W×C), targets (N×classes) and a seed to changed images."""


class ShortTraining:
    """Trainings of one network on batches that are drawn with replacement.

    Args:
        model: the network, from float32 images in [0, 1] to logits; each training begins with its weights.
        batch_size: images in a batch.
        learning_rate: the peak of the one-cycle schedule.
        change: how each batch is changed, by augmentation or adversarial steps.
        masks: for each trainable variable, 1 where it may learn and 0 where it stays 0; None: everywhere.
    """

    def __init__(
        self,
        model: keras.Model,
        *,
        batch_size: int,
        learning_rate: float,
        change: Change | None = None,
        masks: Sequence[np.ndarray | None] = (),
    ) -> None:
        self.model = model
        self._batch_size, self._learning_rate, self._change = batch_size, learning_rate, change
        self._masks = [None if mask is None else tf.constant(mask, tf.float32) for mask in masks]
        self._forward = learning_pass(model)
        self._optimizer = FusedAdam(learning_rate)
        self._optimizer.build(model.trainable_variables)
        shape, classes = model.input_shape[1:], model.output_shape[1:]
        self._step = tf.function(
            self._take,
            autograph=False,
            input_signature=[
                tf.TensorSpec([None, *shape], tf.uint8),
                tf.TensorSpec([None, *classes], tf.float32),
                tf.TensorSpec([2], tf.int32),
                tf.TensorSpec([], tf.float32),
            ],
        )
        self._logits = tf.function(
            self._answer, autograph=False, input_signature=[tf.TensorSpec([None, *shape], tf.uint8)]
        )

    def run(self, images: np.ndarray, targets: np.ndarray, steps: int, seed: int) -> None:
        """Train for ``steps`` on uint8 images and the probabilities that they should get (N×classes)."""
        for variable in self._optimizer.variables:  # as new
            variable.assign(tf.zeros_like(variable))
        pictures, wanted = tf.constant(images), tf.constant(targets, tf.float32)
        rates = (self._learning_rate * one_cycle(tf.range(steps), steps)).numpy()
        for step, rate in enumerate(rates):
            self._step(pictures, wanted, tf.constant([seed, step]), tf.constant(rate))

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the network's logits, N×classes, for uint8 images."""
        parts = range(0, len(images), EVALUATION_BATCH)
        found = [self._logits(tf.constant(images[i : i + EVALUATION_BATCH])).numpy() for i in parts]
        return np.concatenate(found)

    def accuracy(self, images: np.ndarray, labels: np.ndarray) -> float:
        """Return the share of uint8 images that the network reads rightly."""
        return float(np.mean(self.logits(images).argmax(axis=1) == labels))

    def _take(self, images: tf.Tensor, targets: tf.Tensor, seed: tf.Tensor, rate: tf.Tensor) -> None:
        chosen = tf.random.stateless_uniform(
            [self._batch_size], seed, maxval=tf.shape(images)[0], dtype=tf.int32
        )
        batch, wanted = tf.cast(tf.gather(images, chosen), tf.float32) / 255, tf.gather(targets, chosen)
        if self._change is not None:
            batch = tf.ensure_shape(self._change(batch, wanted, seed), batch.shape)
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, self._forward(batch)))
        gradients = tape.gradient(loss, variables)
        self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply(gradients, variables)
        for variable, mask in zip(variables, self._masks, strict=False):
            if mask is not None:
                variable.assign(variable * mask)

    def _answer(self, images: tf.Tensor) -> tf.Tensor:
        return self.model(tf.cast(images, tf.float32) / 255, training=False)
