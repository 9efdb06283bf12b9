"""Define the batch of a turn and the discriminator's output for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf


class Batch(NamedTuple):
    """The batch of one turn."""

    real: tf.Tensor  # N×…
    noise: list[tf.Tensor]  # inputs of the generator
    context: list[tf.Tensor]  # inputs of both networks, such as the classes; may be empty
    shares: tf.Tensor  # N×1×…, 0 to 1: position between real and fake, for the Wasserstein penalty


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


Draw = Callable[[tf.Tensor], Batch]  # returns the batch of a number, always the same one


def random_seed(seed: Any, number: tf.Tensor, use: int) -> tf.Tensor:
    """Return the stateless seed of batch ``number`` for one of its four uses of randomness (0 to 3)."""
    return tf.stack([seed, 4 * number + use])


def numbers(output: DiscriminatorOutput) -> dict[str, Any]:
    """Return an output as NumPy arrays and numbers, without the fakes."""
    found = {name: value.numpy() for name, value in output._asdict().items() if name != "fake"}
    return {name: value if value.ndim else float(value) for name, value in found.items()}
