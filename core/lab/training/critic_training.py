"""Train a critic against a finished generator, so that it finds the images that are broken."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from core.lab.models.critic import critic

BATCH = 64  # real images, and as many generated ones
MISMATCHED = BATCH // 2  # real images with the label of another class
RATE = 1e-3  # falls to zero along half a cosine
SHIFT = 2  # pixels; the only augmentation
REPORTS = 50

Labelled = tuple[np.ndarray, np.ndarray]  # images (N×H×W×C uint8) and their classes (N)


def train_critic(
    real: Labelled,
    generated: Labelled,
    classes: int,
    steps: int,
    seed: int,
    progress: Callable[[float], None],
) -> keras.Model:
    """Return a critic of images and classes after so many steps.

    It learns to answer yes to real images, no to generated ones, and no to real ones with a wrong class.
    The discriminator of the GAN itself is of no use here: where its training ends, the generator has just
    learnt to please it, and its lowest verdicts fall on sound images as often as on broken ones.
    Sources: Azadi et al. 2019, Discriminator Rejection Sampling, section 3 (training goes on against the
    finished generator); Reed et al. 2016, section 4.2 (mismatched pairs).
    """
    keras.utils.set_random_seed(seed)
    model = critic(real[0].shape[1:], classes)
    optimiser = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, steps))
    step = _step(model, optimiser, _constants(real), _constants(generated), classes)
    for number in range(steps):
        step()
        if number % (steps // REPORTS + 1) == 0:
            progress(number / steps)
    progress(1.0)
    return model


def _step(
    model: keras.Model,
    optimiser: keras.optimizers.Optimizer,
    real: tuple[tf.Tensor, tf.Tensor],
    generated: tuple[tf.Tensor, tf.Tensor],
    classes: int,
) -> Callable[[], tf.Tensor]:
    answers = tf.concat([tf.ones(BATCH), tf.zeros(BATCH + MISMATCHED)], 0)[:, None]

    @tf.function(autograph=False)
    def step() -> tf.Tensor:
        true, made = _batch(real, BATCH), _batch(generated, BATCH)
        other, of_other = _batch(real, MISMATCHED)
        wrong = (of_other + tf.random.uniform([MISMATCHED], 1, classes, tf.int32)) % classes
        images = _shifted(tf.concat([true[0], made[0], other], 0))
        labels = tf.concat([true[1], made[1], wrong], 0)
        with tf.GradientTape() as tape:
            logits = model([images, labels], training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(answers, logits))
        weights = model.trainable_variables
        optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    return step


def _constants(labelled: Labelled) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(labelled[0]), tf.constant(labelled[1].astype(np.int32))


def _batch(labelled: tuple[tf.Tensor, tf.Tensor], size: int) -> tuple[tf.Tensor, tf.Tensor]:
    chosen = tf.random.uniform([size], 0, len(labelled[0]), tf.int32)
    return tf.gather(labelled[0], chosen), tf.gather(labelled[1], chosen)


def _shifted(images: tf.Tensor) -> tf.Tensor:
    """Return levels from 0 to 1, all moved by up to ``SHIFT`` pixels."""
    levels = tf.cast(images, tf.float32) / 255
    around = tf.pad(levels, [[0, 0], [SHIFT, SHIFT], [SHIFT, SHIFT], [0, 0]])
    return tf.image.random_crop(around, tf.shape(levels))
