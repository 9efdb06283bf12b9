"""Compute recurrent layers row by row, with little to trace."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import keras
import tensorflow as tf
from keras import layers

Reader = Callable[[tf.Tensor], tf.Tensor]  # from a sequence, N×T×M, to the layer's outputs, N×T×units


def sequence_reader(layer: keras.Layer, read_lstm: Callable[..., tf.Tensor]) -> Reader | None:
    """Return the function that computes a recurrent layer; None for a layer that this cannot be done for.

    ``read_lstm`` is what ``lstm_reader`` returned: layers that share it are traced together.
    """
    if not _is_simply_recurrent(layer):
        return None
    return partial(_lstm, layer, read_lstm) if _is_usual_lstm(layer) else _row_by_row(layer)


def _lstm(layer: layers.LSTM, read_lstm: Callable[..., tf.Tensor], x: tf.Tensor) -> tf.Tensor:
    weights = (layer.cell.kernel, layer.cell.recurrent_kernel, layer.cell.bias)
    return read_lstm(x, *(tf.convert_to_tensor(weight) for weight in weights))


def _row_by_row(layer: layers.RNN) -> Reader:
    """Return the layer with a cell that is traced only once.

    Keras traces the cell again for every row, forwards and backwards, which takes a second.
    """
    step = tf.function(partial(layer.cell, training=True), autograph=False)

    def read(x: tf.Tensor) -> tf.Tensor:
        states, outputs = layer.get_initial_state(x.shape[0]), []
        for row in tf.unstack(x, axis=1):
            output, states = step(row, states)
            outputs.append(output)
        return tf.stack(outputs, axis=1)

    return read


def _is_simply_recurrent(layer: keras.Layer) -> bool:
    """Return whether a layer reads its rows in order, from zeros, and gives all outputs."""
    return (
        type(layer) in (layers.LSTM, layers.GRU, layers.SimpleRNN)
        and layer.unroll
        and layer.return_sequences
        and not (layer.return_state or layer.go_backwards or layer.stateful)
        and not (layer.cell.dropout or layer.cell.recurrent_dropout)
    )


def _is_usual_lstm(layer: layers.RNN) -> bool:
    """Return whether a recurrent layer is an LSTM with the activations of the paper, and a bias."""
    return (
        type(layer) is layers.LSTM
        and layer.use_bias
        and layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
    )
