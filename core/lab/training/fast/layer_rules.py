"""Compute one layer of a network for all shards of a batch, as Keras would compute it for the whole batch."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.lab.training.fast.products import product
from core.lab.training.fast.recurrent_layers import sequence_reader

LARGE = 2**13  # weights of a kernel from which on products of bfloat16 save more time than rounding takes
WIDE = 2**14  # weights of a dense layer from which on a batch of vectors is worth splitting

# The 4×4 weights of a transposed convolution that doubles, each a sum of the 3×3 of one after a doubling.
_ROWS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float32)
DOUBLING = np.kron(_ROWS, _ROWS)  # 16×9

Shards = list[tf.Tensor]  # a batch, part by part
Rule = Callable[[list[Shards]], Shards]  # from each input's shards, equally many, to the output's

# These layers compute each image by itself, draw nothing, and do the same in training and after it.
IMAGE_BY_IMAGE = {
    layers.Activation, layers.ELU, layers.LeakyReLU, layers.PReLU, layers.ReLU,
    layers.Add, layers.Average, layers.Concatenate, layers.Dot, layers.Maximum, layers.Minimum,
    layers.Multiply, layers.Subtract,
    layers.AveragePooling1D, layers.AveragePooling2D, layers.MaxPooling1D, layers.MaxPooling2D,
    layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D,
    layers.GlobalMaxPooling1D, layers.GlobalMaxPooling2D,
    layers.Conv1D, layers.Conv2DTranspose, layers.DepthwiseConv2D, layers.SeparableConv2D,
    layers.Cropping1D, layers.Cropping2D, layers.UpSampling2D, layers.ZeroPadding1D, layers.ZeroPadding2D,
    layers.Flatten, layers.Permute, layers.RepeatVector, layers.Reshape, layers.Rescaling,
    layers.LayerNormalization,
}  # fmt: skip
# Frozen, these do too: Keras lets a frozen batch normalisation use its moving statistics, and keep them.
IMAGE_BY_IMAGE_FROZEN = {layers.BatchNormalization, layers.Conv2D, layers.Dense, layers.Embedding}


def rule_for(layer: keras.Operation, read_lstm: Callable[..., tf.Tensor]) -> Rule | None:
    """Return how to compute a layer for all shards; None for one that Keras must compute for the whole batch.

    ``read_lstm`` is what ``lstm_reader`` returned.
    """
    if not _is_usual(layer):
        return None
    if layer.trainable and type(layer) in OWN:
        return partial(OWN[type(layer)], layer)
    function = _image_by_image(layer, read_lstm)
    return partial(_each_shard, function) if function else None


def _image_by_image(
    layer: keras.Layer, read_lstm: Callable[..., tf.Tensor]
) -> Callable[..., tf.Tensor] | None:
    """Return what computes a layer for a part of a batch; None if a batch's images depend on each other."""
    if not layer.trainable:
        return (
            partial(layer, training=True) if type(layer) in IMAGE_BY_IMAGE | IMAGE_BY_IMAGE_FROZEN else None
        )
    if type(layer) in IMAGE_BY_IMAGE:
        return layer.call  # not __call__, whose checks take longer than tracing
    return sequence_reader(layer, read_lstm)


def pair_rule(first: keras.Operation, second: keras.Operation) -> Rule | None:
    """Return how to compute two successive layers faster than each alone; None if that is not known."""
    if not all(_is_usual(layer) and layer.trainable for layer in (first, second)):
        return None
    kinds = type(first), type(second)
    relu = kinds[0] is layers.Conv2D and first.activation is keras.activations.relu
    if kinds == (layers.Conv2D, layers.MaxPooling2D) and relu and first.use_bias:
        return partial(_pooled_before_bias, first, second)
    if kinds == (layers.Dense, layers.Cropping1D):
        return partial(_cropped_before_sums, first, second)
    if kinds == (layers.UpSampling2D, layers.Conv2D) and _doubles(first) and _is_plain_of_nine(second):
        return partial(_doubled_by_sums, second)
    return None


def _doubles(layer: layers.UpSampling2D) -> bool:
    return tuple(layer.size) == (2, 2) and layer.interpolation == "nearest"


def _is_plain_of_nine(layer: layers.Conv2D) -> bool:
    """Return whether a convolution has 3×3 weights for each pair of maps, and as many places as its input."""
    same = layer.padding == "same" and layer.groups == 1
    ones = tuple(layer.strides) == tuple(layer.dilation_rate) == (1, 1)
    return same and ones and tuple(layer.kernel_size) == (3, 3)


def is_wide(layer: keras.Operation) -> bool:
    """Return whether a layer has so much to do for a vector that a batch of vectors is worth splitting."""
    return type(layer) is layers.Dense and layer.kernel.shape.num_elements() >= WIDE


def split(x: tf.Tensor, shards: int) -> Shards:
    """Return a batch in so many shards, whose sizes differ by one at most; none is empty."""
    count = x.shape[0]
    shards = min(shards, count)
    if shards == 1:
        return [x]
    return tf.split(x, [count // shards + (i < count % shards) for i in range(shards)])


def _is_usual(layer: keras.Operation) -> bool:
    """Return whether a layer has the precision, axes and activations that the rules expect."""
    axes = np.ravel(getattr(layer, "axis", -1))
    activations = [getattr(layer, name, None) for name in ("activation", "recurrent_activation")]
    return (
        isinstance(layer, keras.Layer)
        and layer.dtype_policy.name == "float32"
        and getattr(layer, "data_format", "channels_last") in ("channels_last", None)
        and all(axis == -1 or axis > 0 for axis in axes)  # 0 is the batch
        and all(activation is None or _is_of_keras(activation) for activation in activations)
        and (type(layer) is not layers.BatchNormalization or _is_usual_normalisation(layer))
    )


def _is_usual_normalisation(layer: layers.BatchNormalization) -> bool:
    return layer.axis == -1 and not (layer.synchronized or getattr(layer, "renorm", False))


def _is_of_keras(activation: Any) -> bool:
    """Return whether an activation is one of Keras's functions, each of which treats images one by one."""
    return inspect.isfunction(activation) and activation.__module__.startswith("keras.")


def _each_shard(function: Callable[..., tf.Tensor], inputs: list[Shards]) -> Shards:
    return [function(x[0] if len(x) == 1 else list(x)) for x in zip(*inputs, strict=True)]


def _normalised(layer: layers.BatchNormalization, inputs: list[Shards]) -> Shards:
    """Normalise over all shards; the moving mean and variance move as Keras moves them."""
    [shards] = inputs
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


def _dropped(layer: layers.Dropout, inputs: list[Shards]) -> Shards:
    """Draw the dropout for the whole batch, as Keras draws it."""
    [shards] = inputs
    return split(layer(tf.concat(shards, axis=0), training=True), len(shards))


def _summed(layer: layers.Conv2D | layers.Dense, inputs: list[Shards]) -> Shards:
    """Compute a layer of weighted sums."""
    return _activated(layer, _products(layer, *inputs))


def _activated(layer: layers.Conv2D | layers.Dense, sums: Shards) -> Shards:
    """Add a layer's bias to its products, and apply its activation."""
    if layer.use_bias:
        bias = tf.convert_to_tensor(layer.bias)
        sums = [tf.nn.bias_add(x, bias) for x in sums]
    return [layer.activation(x) for x in sums]


def _pooled_before_bias(layer: layers.Conv2D, pooling: layers.MaxPooling2D, inputs: list[Shards]) -> Shards:
    """Compute a convolution and its max pooling, which comes before bias and ReLU.

    Both never fall, so the largest of four numbers stays the largest whichever is done first, but a quarter
    of the numbers is left.
    """
    bias = tf.convert_to_tensor(layer.bias)
    return [layer.activation(tf.nn.bias_add(pooling.call(sums), bias)) for sums in _products(layer, *inputs)]


def _doubled_by_sums(layer: layers.Conv2D, inputs: list[Shards]) -> Shards:
    """Compute a doubling by the nearest neighbour and the convolution after it, as a transposed one.

    Four neighbours are equal after the doubling, so their weights are added up first: 16 products for each
    place of the input in place of 36.
    """
    [shards] = inputs
    maps, kernel = layer.filters, tf.convert_to_tensor(layer.kernel)
    summed = tf.matmul(DOUBLING, tf.reshape(kernel, [9, -1]))
    wide = tf.transpose(tf.reshape(summed, [4, 4, -1, maps]), [0, 1, 3, 2])

    def doubled(x: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        count, height, width, _ = x.shape
        return tf.nn.conv2d_transpose(x, kernel, [count, 2 * height, 2 * width, maps], 2)

    times = partial(product, times=doubled) if kernel.shape.num_elements() >= LARGE else doubled
    return _activated(layer, [times(x, wide) for x in shards])


def _cropped_before_sums(layer: layers.Dense, cropping: layers.Cropping1D, inputs: list[Shards]) -> Shards:
    """Compute a dense layer only for the rows that a cropping leaves."""
    return _summed(layer, [[cropping.call(x) for x in shards] for shards in inputs])


def _embedded(layer: layers.Embedding, inputs: list[Shards]) -> Shards:
    """Look up a row of the layer's matrix for each number, as a product with one-hot rows.

    Its gradient is one product too; that of a gathered row takes ten operations.
    """
    [shards] = inputs
    rows = tf.convert_to_tensor(layer.embeddings)
    return [tf.matmul(tf.one_hot(x, layer.input_dim), rows) for x in shards]


def _dot(layer: layers.Dot, inputs: list[Shards]) -> Shards:
    """Compute the scalar products of vectors, N×1: Keras's `Dot` takes three times as many operations."""
    left, right = inputs
    if layer.normalize or {len(x[0].shape) for x in inputs} != {2}:
        return _each_shard(layer.call, inputs)
    return [tf.matmul(x * y, tf.ones([y.shape[1], 1])) for x, y in zip(left, right, strict=True)]


OWN: dict[type[keras.Layer], Callable[[Any, list[Shards]], Shards]] = {
    layers.BatchNormalization: _normalised,
    layers.Conv2D: _summed,
    layers.Dense: _summed,
    layers.Dot: _dot,
    layers.Dropout: _dropped,
    layers.Embedding: _embedded,
}


def _products(layer: layers.Conv2D | layers.Dense, shards: Shards) -> Shards:
    """Multiply the inputs by the layer's kernel, float32, without bias and activation."""
    times = layer.convolution_op if isinstance(layer, layers.Conv2D) else keras.ops.matmul
    kernel = tf.convert_to_tensor(layer.kernel)  # read once for all shards
    if kernel.shape.num_elements() >= LARGE:
        times = partial(product, times=times)
    return [times(x, kernel) for x in shards]
