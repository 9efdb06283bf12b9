"""Train the DCGAN as one usually writes it in Keras: a model with a ``train_step``, and ``fit``.

Same networks, losses, optimisers, penalty every 16th step and moving average as in this project's training.
``again``: the generator draws a second time for its own step, as in Keras's published recipe (keras.io,
"DCGAN to generate face images"); without it, the same images serve both players, as they do in this project.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import keras
import tensorflow as tf

from core.contract.config import GanConfig
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.lab.models import factory
from core.lab.training import start
from core.lab.training.gan_training import R1_INTERVAL
from core.lab.training.translation import translated

CONFIGS = {
    "grey": GanConfig(dataset="rendered", epochs=1000),
    "colour": GanConfig(
        architecture="colour_dcgan", dataset="avatars", translation=2, r1_weight=0.5, epochs=1000
    ),
}


def data(kind: str, count: int) -> Dataset:
    """Return that many images of a kind of ``CONFIGS``."""
    return registry.load(CONFIGS[kind].dataset, train_size=count)


class OurSteps:
    """This project's training; an epoch has the given number of steps."""

    def __init__(self, kind: str, steps: int, batch: int) -> None:
        few = data(kind, steps * batch)
        with patch.object(registry, "load", lambda *_, **__: few):
            self._training = start.start(CONFIGS[kind])
        self._steps = steps
        self._function = self._training.train_steps.get_concrete_function(tf.constant(0), tf.constant(0))

    def run(self) -> None:
        """Take the steps."""
        self._function(tf.constant(0), tf.constant(self._steps))[0][0].numpy()


class PlainGan(keras.Model):
    """Both players, trained by ``fit``."""

    def __init__(self, kind: str, batch: int, again: bool) -> None:
        super().__init__()
        self._batch, self._again, self._config = batch, again, CONFIGS[kind]
        info = registry.describe(self._config.dataset)
        gan = factory.adversaries(
            self._config.architecture, info.shape, len(info.classes), self._config.latent_size
        )
        self.generator, self.discriminator = gan.generator, gan.discriminator
        self.average = keras.models.clone_model(self.generator)
        self.average.trainable = False
        self.steps = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False)
        self.compile()
        for name, model, rate in (
            ("g", self.generator, self._config.generator_learning_rate),
            ("d", self.discriminator, self._config.discriminator_learning_rate),
        ):
            optimizer = keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99, epsilon=1e-8)
            optimizer.build(model.trainable_variables)
            setattr(self, f"{name}_optimizer", optimizer)

    def train_step(self, batch: Any) -> dict[str, tf.Tensor]:
        """Take one step of both players."""
        images, labels = batch
        images = self._translated(images, 1)
        with tf.GradientTape() as tape:
            fakes = self._drawn(labels)
            with tape.stop_recording():
                d_loss = self._discriminator_step(images, fakes, labels)
                tf.cond(
                    self.steps % R1_INTERVAL == 0, lambda: self._penalty_step(images, labels), lambda: 0.0
                )
            if self._again:
                fakes = self._drawn(labels)
            g_loss = tf.reduce_mean(tf.nn.softplus(-self.discriminator([fakes, labels], training=True)))
        self._apply("g", tape, g_loss, self.generator)
        self.steps.assign_add(1)
        for average, weight in zip(self.average.weights, self.generator.weights, strict=True):
            average.assign(weight + self._config.weight_average * (average - weight))
        return {"d_loss": d_loss, "g_loss": g_loss}

    def _drawn(self, labels: tf.Tensor) -> tf.Tensor:
        noise = tf.random.normal([self._batch, self._config.latent_size])
        return self._translated(self.generator([noise, labels], training=True), 2)

    def _translated(self, images: tf.Tensor, use: int) -> tf.Tensor:
        if not self._config.translation:
            return images
        images = tf.ensure_shape(images, [self._batch, *images.shape[1:]])
        return translated(images, self._config.translation, tf.stack([use, self.steps.value]))

    def _discriminator_step(self, images: tf.Tensor, fakes: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            both = self.discriminator(
                [tf.concat([images, fakes], 0), tf.concat([labels, labels], 0)], training=True
            )
            real, fake = tf.split(both, 2)
            loss = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
        self._apply("d", tape, loss, self.discriminator)
        return loss

    def _penalty_step(self, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            with tf.GradientTape() as inner:
                inner.watch(images)
                verdict = tf.reduce_sum(self.discriminator([images, labels], training=True))
            slope = inner.gradient(verdict, images)
            norm = tf.reduce_mean(tf.reduce_sum(slope**2, axis=[1, 2, 3]))
            penalty = 0.5 * self._config.r1_weight * R1_INTERVAL * norm
        self._apply("d", tape, penalty, self.discriminator)
        return penalty

    def _apply(self, name: str, tape: tf.GradientTape, loss: tf.Tensor, model: keras.Model) -> None:
        variables = model.trainable_variables
        gradients = tape.gradient(loss, variables)
        dense = [
            tf.zeros_like(v) if g is None else tf.convert_to_tensor(g)
            for g, v in zip(gradients, variables, strict=True)
        ]
        getattr(self, f"{name}_optimizer").apply(dense, variables)
