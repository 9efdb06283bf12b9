"""The forward pass of a step of training. The lab's side of the door: imports TensorFlow."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from core.contract.config import SHARDS
from core.lab.training.fast.lstm import lstm_reader
from core.lab.training.fast.products import product

LARGE = 2**13  # weights of a kernel from which on products of bfloat16 save more time than rounding takes
WIDE = 2**14  # weights of a dense layer from which on vectors are split into shards

Shards = list[tf.Tensor]  # a batch, part by part
Readers = dict[str, Callable[[tf.Tensor, layers.Cropping1D | None], tf.Tensor]]


def learning_pass(model: keras.Model, shards: int = SHARDS) -> Callable[..., tf.Tensor]:
    """The model as a function of its input or inputs, N×…, in training mode; its layers are used once each.

    What it computes is the model's own, and gradients are too, but for rounding; only the order differs:

    The batch goes through the network in ``shards``, which TensorFlow computes side by side, one on a thread.
    Two threads at one shard wait for each other at every layer. Batch normalisation takes its mean and
    variance over all shards. Inputs that are numbers or vectors are so little work that they stay together,
    until a wide layer or an image meets them: that is less to trace.

    Max pooling comes before bias and ReLU where it follows a convolution. Both only ever rise, so the largest
    of four numbers stays the largest whichever is done first, but a quarter of the numbers is left.

    Recurrent layers are gone through row after row, with a cell that is traced once, or by gradients of our
    own; rows that are cropped from an output layer's answers are cropped from its inputs.

    Large kernels are multiplied in bfloat16 where the processor can do that (see ``product``).
    """
    readers = _readers(model)

    def forward(inputs: tf.Tensor | list[tf.Tensor]) -> tf.Tensor:
        listed = inputs if isinstance(inputs, list) else [inputs]
        return tf.concat(_walk(model, readers, shards, listed), axis=0)

    return forward


def _split(x: tf.Tensor, shards: int) -> Shards:
    count = x.shape[0]
    shards = min(shards, count)
    return tf.split(x, [count // shards + (i < count % shards) for i in range(shards)])


def _walk(model: keras.Model, readers: Readers, shards: int, inputs: Sequence[tf.Tensor]) -> Shards:
    """The model's output for its inputs, one shard or all of them."""
    crops = _early_crops(model)
    known = {
        id(tensor): _split(x, shards) if x.shape.rank > 2 else [x]
        for tensor, x in zip(model.inputs, inputs, strict=True)
    }
    for layer in model.layers:
        if id(layer.output) in known:  # an input, or pooled already
            continue
        given = [known[id(tensor)] for tensor in _listed(layer.input)]
        if _is_wide(layer) or max(map(len, given)) > 1:
            given = [x if len(x) > 1 else _split(x[0], shards) for x in given]
        pooling = _pooling_after(layer, model)
        crop = crops.get(id(layer.output))
        if layer in crops.values():
            made = given[0]
        elif pooling is not None:
            made = _pooled_before_bias(layer, pooling, given[0])
        elif layer.name in readers:
            made = [readers[layer.name](x, crop) for x in given[0]]
        else:
            made = _made(layer, given)
        if crop and layer.name not in readers:
            made = [crop(x) for x in made]
        known[id((pooling or layer).output)] = made
    return known[id(model.outputs[0])]


def _made(layer: keras.Layer, given: list[Shards]) -> Shards:
    """What a layer makes of its inputs, each of them in equally many shards."""
    if type(layer) in OWN:
        return OWN[type(layer)](layer, given[0])
    inputs = list(zip(*given, strict=True))
    if type(layer) is layers.Dot and not layer.normalize and {len(x.shape) for x in inputs[0]} == {2}:
        return [_dot(*x) for x in inputs]
    return [_called(layer, x[0] if len(x) == 1 else list(x)) for x in inputs]


def _called(layer: keras.Layer, x: tf.Tensor | list[tf.Tensor]) -> tf.Tensor:
    """What a layer makes in training, without the checks of ``__call__``, which take longer than tracing."""
    takes_training = "training" in inspect.signature(layer.call).parameters
    return layer.call(x, training=True) if takes_training else layer.call(x)


def _normalised(layer: layers.BatchNormalization, shards: Shards) -> Shards:
    """Batch normalisation over all shards; its moving mean and variance move as Keras moves them."""
    count = sum(x.shape[0] for x in shards)
    axes = list(range(len(shards[0].shape) - 1))

    def mean_of(values: Shards) -> tf.Tensor:
        return tf.add_n([tf.reduce_mean(x, axes) * (x.shape[0] / count) for x in values])

    mean = mean_of(shards)
    variance = mean_of([tf.math.squared_difference(x, tf.stop_gradient(mean)) for x in shards])
    for moving, value in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
        moving.assign(moving * layer.momentum + value * (1.0 - layer.momentum))
    scale = tf.math.rsqrt(variance + layer.epsilon)
    if layer.scale:
        scale *= layer.gamma
    offset = -mean * scale
    if layer.center:
        offset += layer.beta
    return [tf.nn.bias_add(x * scale, offset) for x in shards]


def _dropped(layer: layers.Dropout, shards: Shards) -> Shards:
    """Dropout, drawn for the whole batch, as Keras draws it."""
    return _split(layer(tf.concat(shards, axis=0), training=True), len(shards))


def _pooled_before_bias(layer: layers.Conv2D, pooling: layers.MaxPooling2D, shards: Shards) -> Shards:
    bias = tf.convert_to_tensor(layer.bias)
    return [layer.activation(tf.nn.bias_add(pooling(sums), bias)) for sums in _products(layer, shards)]


def _summed(layer: layers.Conv2D | layers.Dense, shards: Shards) -> Shards:
    """What a layer of weighted sums makes of its inputs."""
    sums = _products(layer, shards)
    if layer.use_bias:
        bias = tf.convert_to_tensor(layer.bias)
        sums = [tf.nn.bias_add(x, bias) for x in sums]
    return [layer.activation(x) for x in sums]


def _embedded(layer: layers.Embedding, shards: Shards) -> Shards:
    """A row of the layer's matrix for each number, as a product with one-hot rows.

    Its gradient is one product too; that of a gathered row takes ten operations.
    """
    rows = tf.convert_to_tensor(layer.embeddings)
    return [tf.matmul(tf.one_hot(x, layer.input_dim), rows) for x in shards]


OWN: dict[type[keras.Layer], Callable[[Any, Shards], Shards]] = {
    layers.BatchNormalization: _normalised,
    layers.Conv2D: _summed,
    layers.Dense: _summed,
    layers.Dropout: _dropped,
    layers.Embedding: _embedded,
}


def _dot(left: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """The scalar products of vectors, N×1: Keras's `Dot` takes three times as many operations."""
    return tf.matmul(left * right, tf.ones([right.shape[1], 1]))


def _products(layer: layers.Conv2D | layers.Dense, shards: Shards) -> Shards:
    """The inputs times the layer's kernel, float32, without bias and activation."""
    times = layer.convolution_op if isinstance(layer, layers.Conv2D) else keras.ops.matmul
    kernel = tf.convert_to_tensor(layer.kernel)  # read once for all
    if kernel.shape.num_elements() >= LARGE:
        times = partial(product, times=times)
    return [times(x, kernel) for x in shards]


def _readers(model: keras.Model) -> Readers:
    """What reads a sequence, N×T×…, for each recurrent layer, by its name; traced once for all shards.

    Given a cropping too, it makes only the outputs that are left of the sequence.
    """
    lstm = lstm_reader()
    return {
        layer.name: partial(_lstm, layer, lstm) if _is_usual_lstm(layer) else _row_after_row(layer)
        for layer in model.layers
        if _is_simply_recurrent(layer)
    }


def _lstm(
    layer: layers.LSTM, read: Callable[..., tf.Tensor], x: tf.Tensor, crop: layers.Cropping1D | None
) -> tf.Tensor:
    weights = (tf.convert_to_tensor(weight) for weight in layer.cell.trainable_variables)
    return read(x, *weights, _left_by(crop))


def _row_after_row(layer: layers.RNN) -> Callable[[tf.Tensor, layers.Cropping1D | None], tf.Tensor]:
    """What gives a recurrent layer's outputs, N×T×units, with a cell that is traced but once.

    Keras traces the cell anew at every row, forward and backward, which takes a second.
    """
    step = tf.function(partial(layer.cell, training=True), autograph=False)

    def read(x: tf.Tensor, crop: layers.Cropping1D | None) -> tf.Tensor:
        states, outputs = layer.get_initial_state(x.shape[0]), []
        for row in tf.unstack(x, axis=1):
            output, states = step(row, states)
            outputs.append(output)
        return tf.stack(outputs[_left_by(crop)], axis=1)

    return read


def _left_by(crop: layers.Cropping1D | None) -> slice:
    """The rows of a sequence that a cropping leaves."""
    before, after = crop.cropping if crop else (0, 0)
    return slice(before, -after or None)


def _is_simply_recurrent(layer: keras.Layer) -> bool:
    return (
        type(layer) in (layers.LSTM, layers.GRU, layers.SimpleRNN)
        and layer.unroll
        and layer.return_sequences
        and not (layer.go_backwards or layer.stateful or layer.cell.dropout or layer.cell.recurrent_dropout)
    )


def _is_usual_lstm(layer: layers.RNN) -> bool:
    """Whether a recurrent layer is an LSTM with the activations of the paper, and a bias."""
    return (
        type(layer) is layers.LSTM
        and layer.use_bias
        and layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
    )


def _is_wide(layer: keras.Layer) -> bool:
    return type(layer) is layers.Dense and layer.kernel.shape.num_elements() >= WIDE


def _listed(tensors: keras.KerasTensor | list[keras.KerasTensor]) -> list[keras.KerasTensor]:
    return tensors if isinstance(tensors, list) else [tensors]


def _takers(tensor: keras.KerasTensor, model: keras.Model) -> list[keras.Layer]:
    return [layer for layer in model.layers if any(x is tensor for x in _listed(layer.input))]


def _pooling_after(layer: keras.Layer, model: keras.Model) -> layers.MaxPooling2D | None:
    """The max pooling that takes a convolution's output, if nothing else does and the two can be swapped."""
    if not (type(layer) is layers.Conv2D and layer.use_bias and layer.activation is keras.activations.relu):
        return None
    takers = _takers(layer.output, model)
    return takers[0] if [type(taker) for taker in takers] == [layers.MaxPooling2D] else None


def _early_crops(model: keras.Model) -> dict[int, layers.Cropping1D]:
    """The croppings of sequences, by the tensor (its id) that can be cropped instead, a layer earlier."""
    makers = {id(layer.output): layer for layer in model.layers}
    crops = {}
    for layer in model.layers:
        if type(layer) is layers.Cropping1D:
            tensor = layer.input
            maker = makers[id(tensor)]
            if type(maker) is layers.Dense and _takers(maker.output, model) == [layer]:
                tensor = maker.input
            crops[id(tensor)] = layer
    return crops
