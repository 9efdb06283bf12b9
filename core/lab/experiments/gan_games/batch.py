"""Define the batch of a turn and the discriminator's output for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf


class Batch(NamedTuple):
    """The batch of one turn."""

    real: tf.Tensor  # N×…
    noise: list[tf.Tensor]  # what the generator makes samples of
    context: list[tf.Tensor]  # what both players are told, such as the classes; may be empty
    shares: tf.Tensor  # N numbers from 0 to 1, with ``real``'s dimensions: where between real and fake


class DiscriminatorOutput(NamedTuple):
    """The discriminator's logits for a batch, and the losses of both networks."""

    fake: tf.Tensor  # N×…
    real_logits: tf.Tensor  # N
    fake_logits: tf.Tensor  # N
    real_losses: tf.Tensor  # N: the discriminator's, of each real sample
    fake_losses: tf.Tensor  # N: the discriminator's, of each fake
    generator_losses: tf.Tensor  # N: the generator's, of each fake
    penalty: tf.Tensor  # weighted
    discriminator_loss: tf.Tensor
    generator_loss: tf.Tensor


Draw = Callable[[tf.Tensor], Batch]  # the batch of a number, always the same one


def random_seed(seed: Any, number: tf.Tensor, use: int) -> tf.Tensor:
    """Return the stateless seed of one of a batch's four uses of randomness (0 to 3), per batch."""
    return tf.stack([seed, 4 * number + use])


def numbers(verdict: DiscriminatorOutput) -> dict[str, Any]:
    """Return an output as NumPy arrays and numbers, without the fakes."""
    found = {name: value.numpy() for name, value in verdict._asdict().items() if name != "fake"}
    return {name: value if value.ndim else float(value) for name, value in found.items()}
