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
    Recurrent layers are gone through row after row, with a cell that is traced once.
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
            elif _is_simply_recurrent(layer):
                x = _row_after_row(layer, x)
            else:
                x = layer(x, training=True)
        return x

    return forward


def _row_after_row(layer: layers.RNN, x: tf.Tensor) -> tf.Tensor:
    """The outputs of a recurrent layer, N×T×units, for a sequence x, N×T×…; its cell is traced but once.

    Keras traces the cell anew at every row, forward and backward, which takes a second.
    """
    step = tf.function(lambda row, states: layer.cell(row, states, training=True), autograph=False)
    states, outputs = layer.get_initial_state(x.shape[0]), []
    for row in tf.unstack(x, axis=1):
        output, states = step(row, states)
        outputs.append(output)
    return tf.stack(outputs, axis=1)


def _is_simply_recurrent(layer: keras.Layer) -> bool:
    return (
        type(layer) in (layers.LSTM, layers.GRU, layers.SimpleRNN)
        and layer.unroll
        and layer.return_sequences
        and not (layer.go_backwards or layer.stateful or layer.cell.dropout or layer.cell.recurrent_dropout)
    )


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
