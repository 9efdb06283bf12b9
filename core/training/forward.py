"""The forward pass of a step of training. The lab's side of the door: imports TensorFlow."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import keras
import tensorflow as tf
from keras import layers


def learning_pass(model: keras.Model) -> Callable[[tf.Tensor], tf.Tensor]:
    """The model as a function of its input, N×…, in training mode; max pooling comes before bias and ReLU.

    Both only ever rise, so the largest of four numbers stays the largest whichever is done first: outputs are
    the same and gradients too, but bias, ReLU and their gradients have a quarter of the numbers to go over.
    A network that is no plain chain of layers is left as it is.
    """
    chain = model.layers[1:]
    if not _is_chain(model):
        return lambda x: model(x, training=True)

    def forward(x: tf.Tensor) -> tf.Tensor:
        pooled = None
        for layer, following in itertools.zip_longest(chain, chain[1:]):
            if layer is pooled:
                continue
            if _can_swap(layer, following):
                pooled_sums = following(layer.convolution_op(x, layer.kernel))
                x = tf.nn.relu(tf.nn.bias_add(pooled_sums, tf.convert_to_tensor(layer.bias)))
                pooled = following
            else:
                x = layer(x, training=True)
        return x

    return forward


def _is_chain(model: keras.Model) -> bool:
    """Whether each layer is given what the one before it made, and nothing else."""
    return len(model.inputs) == 1 and all(
        isinstance(layer, layers.Layer) and layer.input is before.output
        for before, layer in itertools.pairwise(model.layers)
    )


def _can_swap(layer: keras.Layer, following: keras.Layer | None) -> bool:
    return (
        type(layer) is layers.Conv2D
        and layer.use_bias
        and layer.activation is keras.activations.relu
        and type(following) is layers.MaxPooling2D
    )
