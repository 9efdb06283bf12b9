"""Compute a GAN's losses from the discriminator's logits, and penalties on the discriminator's gradient.

The logit of a sample is the discriminator's output before any sigmoid: D(x) = σ(logit) for logistic losses.
All losses are computed for each sample, to be averaged over a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

ALMOST_ZERO = 1e-12  # under a square root, whose derivative at 0 is infinite

Elementwise = Callable[[tf.Tensor], tf.Tensor]
Player = Callable[[Any], tf.Tensor]  # of its input, or a list of its inputs, in training mode


@dataclass(frozen=True)
class GanLoss:
    """Each player's loss, to be minimised, as functions of logits."""

    real: Elementwise  # the discriminator's, of a real sample
    fake: Elementwise  # the discriminator's, of a generated sample
    generator: Elementwise  # the generator's, of a generated sample


LOSSES: dict[str, GanLoss] = {
    # Goodfellow et al. 2014, equation 1: the generator minimises log(1 − D(G(z))).
    "minimax": GanLoss(
        real=lambda logit: tf.nn.softplus(-logit),  # −log D(x)
        fake=tf.nn.softplus,  # −log(1 − D(G(z)))
        generator=lambda logit: -tf.nn.softplus(logit),
    ),
    # Goodfellow et al. 2014, section 3: the same for the discriminator; the generator maximises log D(G(z)).
    "non-saturating": GanLoss(
        real=lambda logit: tf.nn.softplus(-logit),
        fake=tf.nn.softplus,
        generator=lambda logit: tf.nn.softplus(-logit),
    ),
    # Mao et al. 2017, equation 9: real samples are to be given 1, generated ones 0, without a sigmoid.
    "least-squares": GanLoss(
        real=lambda logit: 0.5 * (logit - 1) ** 2,
        fake=lambda logit: 0.5 * logit**2,
        generator=lambda logit: 0.5 * (logit - 1) ** 2,
    ),
    # Arjovsky et al. 2017; Gulrajani et al. 2017, equation 3, with the penalty below.
    "wasserstein": GanLoss(
        real=lambda logit: -logit,
        fake=lambda logit: logit,
        generator=lambda logit: -logit,
    ),
}


def select_loss(side: str, loss: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return one side's losses of each logit, of the kind with that number (in the order of ``LOSSES``).

    All kinds are computed, which costs next to nothing, so that another kind needs no new trace.
    """
    return tf.stack([getattr(kind, side)(logits) for kind in LOSSES.values()])[loss]


def call_in_training(player: keras.Model, inputs: Sequence[tf.Tensor]) -> tf.Tensor:
    """Call a player in training mode, with one input or several."""
    return player(inputs[0] if len(inputs) == 1 else list(inputs), training=True)


def squared_gradient_norm(
    discriminator: Player, samples: tf.Tensor, context: Sequence[tf.Tensor] = ()
) -> tf.Tensor:
    """Return the squared norms (N) of the logits' gradients with respect to the samples; differentiable."""
    with tf.GradientTape() as tape:
        tape.watch(samples)
        logits = tf.reduce_sum(discriminator([samples, *context] if context else samples))
    slope = tape.gradient(logits, samples)
    return tf.reduce_sum(tf.square(slope), axis=range(1, len(samples.shape)))


def zero_centred_penalty(squared: tf.Tensor) -> tf.Tensor:
    """Return the penalty R1 of squared gradient norms at real samples, a scalar to be weighted.

    Source: Mescheder, Geiger, Nowozin 2018, section 4.1.
    """
    return 0.5 * tf.reduce_mean(squared)


def one_centred_penalty(squared: tf.Tensor) -> tf.Tensor:
    """Return the mean squared distance of gradient norms from 1, a scalar to be weighted.

    The norms are squared ones, at points between real and generated samples.

    Source: Gulrajani et al. 2017, equation 3.
    """
    return tf.reduce_mean((tf.sqrt(squared + ALMOST_ZERO) - 1) ** 2)


def dense_gradients(
    tape: tf.GradientTape, loss: tf.Tensor, variables: Sequence[keras.Variable]
) -> list[tf.Tensor]:
    """Return the gradients with respect to these variables; zeros where the loss does not depend on one.

    A penalty on the gradient does not depend on the bias of the output: there the tape gives None.
    """
    found = tape.gradient(loss, [variable.value for variable in variables])
    return [
        tf.zeros_like(variable) if gradient is None else tf.convert_to_tensor(gradient)
        for gradient, variable in zip(found, variables, strict=True)
    ]
