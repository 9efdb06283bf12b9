"""Define a GAN over short texts: characters are chosen one by one, and gradients still pass through."""

from __future__ import annotations

import keras
import tensorflow as tf
from keras import layers

from core.lab.models.gan import Gan


def text_gan(length: int, characters: int, latent_size: int = 32, units: int = 128) -> Gan:
    """Build a GRU that writes, and a network with two hidden layers that reads.

    The generator maps ``latent`` (N×latent_size) and ``gumbel`` (N×length×characters, noise of the standard
    Gumbel distribution, from which the choices are made) to one-hot characters, N×length×characters. The
    discriminator maps such texts to logits, N×1.
    Source: Kusner, Hernández-Lobato 2016, GANs for sequences of discrete elements with the Gumbel-softmax
    distribution; Jang, Gu, Poole 2017, section 2.2 (straight-through).
    """
    return Gan(_writer(length, characters, latent_size, units), _reader(length, characters, units))


def _writer(length: int, characters: int, latent_size: int, units: int) -> keras.Model:
    latent = keras.Input((latent_size,), name="latent")
    gumbel = keras.Input((length, characters), name="gumbel")
    cell, head, choice = (
        layers.GRUCell(units, name="memory"),
        layers.Dense(characters, name="scores"),
        StraightThroughChoice(),
    )
    state = layers.Dense(units, activation="tanh", name="first_state")(latent)
    character = keras.ops.zeros_like(gumbel[:, 0])
    text = []
    for place in range(length):
        output, [state] = cell(layers.Concatenate()([character, latent]), [state])
        character = choice([head(output), gumbel[:, place]])
        text.append(character)
    return keras.Model([latent, gumbel], keras.ops.stack(text, axis=1), name="generator")


def _reader(length: int, characters: int, units: int) -> keras.Model:
    text = keras.Input((length, characters), name="text")
    x = layers.Flatten(name="flatten")(text)
    x = layers.Dense(units, activation="leaky_relu", name="hidden1")(x)
    x = layers.Dense(units, activation="leaky_relu", name="hidden2")(x)
    return keras.Model(text, layers.Dense(1, name="logit")(x), name="discriminator")


class StraightThroughChoice(layers.Layer):
    """Choice of a character: one-hot forwards, the softmax's gradient backwards.

    The greatest of scores with Gumbel noise is a draw from the scores' softmax (the Gumbel-max trick).
    """

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        """Return one-hot characters from scores and Gumbel noise (all N×characters)."""
        scores, gumbel = inputs
        soft = tf.nn.softmax(scores + gumbel)
        hard = tf.one_hot(tf.argmax(soft, axis=-1), scores.shape[-1])
        return soft + tf.stop_gradient(hard - soft)

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """Return the shape of the scores."""
        return input_shape[0]
