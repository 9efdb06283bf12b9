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
    mixing: tf.Tensor  # N×1×…, 0 (fake) to 1 (real): the point of the Wasserstein penalty between the two


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


Draw = Callable[[tf.Tensor], Batch]  # returns the batch with a number; the same number gives the same batch


def random_seed(seed: Any, number: tf.Tensor, use: int) -> tf.Tensor:
    """Return the stateless seed of batch ``number`` for one of its four uses of randomness (0 to 3)."""
    return tf.stack([seed, 4 * number + use])


def numbers(output: DiscriminatorOutput) -> dict[str, Any]:
    """Return an output as NumPy arrays and numbers, without the fakes."""
    arrays = {name: value.numpy() for name, value in output._asdict().items() if name != "fake"}
    return {name: array if array.ndim else float(array) for name, array in arrays.items()}
