from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from core.lab.models import cnn, gan, rnn
from core.lab.training.fast import forward, lstm, products
from core.lab.training.fast.forward import learning_pass
from core.lab.training.gan_losses import dense_gradients


@pytest.fixture(params=[False, True], ids=["float32", "bfloat16"])
def alike(request, monkeypatch) -> Callable[..., bool]:
    """Whether outputs and gradients are the same but for rounding, with and without bfloat16.

    That has 8 bits of mantissa: in a network with ``corners`` some units get to the other side of ReLU's, and
    a few do with 24 bits.
    """
    monkeypatch.setattr(products, "has_bfloat16", lambda: request.param)

    def same(theirs: list[tf.Tensor], ours: list[tf.Tensor], corners: bool = True) -> bool:
        in_outputs, in_gradients = (
            (0.02, 0.4 if corners else 0.03) if request.param else (1e-4, 2e-3 if corners else 1e-4)
        )
        allowed = [in_outputs] + [in_gradients] * (len(theirs) - 1)
        differences = [np.linalg.norm(np.subtract(*both)) for both in zip(theirs, ours, strict=True)]
        sizes = [np.linalg.norm(result) for result in theirs]
        return all(np.array(differences) <= np.multiply(allowed, sizes) + 1e-6 * max(sizes))

    return same


@pytest.mark.parametrize("name", ["tutorial", "lenet5", "deep"])
def test_it_gives_the_models_own_outputs_and_gradients(name, alike):
    keras.utils.set_random_seed(0)
    model = getattr(cnn, name)()
    for weight in model.trainable_variables:  # biases other than 0
        weight.assign_add(tf.random.stateless_normal(weight.shape, [1, len(weight.shape)], stddev=0.05))
    images = tf.random.stateless_uniform((17, 28, 28, 1), [0, 0])  # no half of them is the other's size
    for layer in model.layers:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0
    theirs = answers_and_gradients(lambda x: model(x, training=True), model, images)
    ours = answers_and_gradients(learning_pass(model), model, images)
    assert alike(theirs, ours)


@pytest.mark.parametrize("name", ["lstm", "gru", "simple_rnn"])
def test_a_recurrent_network_gives_its_own_outputs_and_gradients_row_after_row(name, alike):
    keras.utils.set_random_seed(0)
    model = getattr(rnn, name)((6, 5, 1))
    model.get_layer("dropout").rate = 0
    images = tf.random.stateless_uniform((17, 6, 5, 1), [0, 0])
    theirs = answers_and_gradients(lambda x: model(x, training=True), model, images)
    ours = answers_and_gradients(learning_pass(model), model, images)
    assert alike(theirs, ours, corners=False)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_player_of_a_gan_gives_its_own_outputs_and_gradients(player, alike):
    keras.utils.set_random_seed(0)
    model = getattr(gan.dcgan(latent_size=8), player)
    first = tf.random.stateless_normal((17, *model.inputs[0].shape[1:]), [0, 0])
    inputs = [first, tf.range(17) % 10]
    theirs = answers_and_gradients(lambda x: model(x, training=True), model, inputs)
    ours = answers_and_gradients(learning_pass(model), model, inputs)
    assert alike(theirs, ours)


@pytest.mark.parametrize(
    "build", [rnn.gru, cnn.deep, lambda: gan.goodfellow2014().discriminator], ids=["gru", "deep", "maxout"]
)
def test_dropout_is_drawn_as_keras_draws_it(build, float32):
    outputs = []
    for arranged in (False, True):
        keras.utils.set_random_seed(0)
        model = build()
        inputs = [tf.random.stateless_uniform((17, 28, 28, 1), [0, 0]), tf.range(17) % 10][
            : len(model.inputs)
        ]
        inputs = inputs if len(inputs) > 1 else inputs[0]
        outputs.append(learning_pass(model)(inputs) if arranged else model(inputs, training=True))
    np.testing.assert_allclose(*outputs, rtol=1e-3, atol=1e-5)


def test_moving_means_and_variances_move_as_they_do_without_shards(float32):
    images = 3 * tf.random.stateless_uniform((17, 28, 28, 1), [0, 0])
    moved = []
    for arranged in (False, True):
        keras.utils.set_random_seed(0)
        model = cnn.deep()
        (learning_pass(model) if arranged else lambda x, model=model: model(x, training=True))(images)
        layer = next(layer for layer in model.layers if isinstance(layer, layers.BatchNormalization))
        moved.append((layer.moving_mean.numpy(), layer.moving_variance.numpy()))
    np.testing.assert_allclose(*moved, rtol=1e-4, atol=1e-6)


def test_shards_are_of_one_size_or_one_apart_and_none_is_empty():
    seen = []
    image = keras.Input((2, 1))
    model = keras.Model(image, layers.Lambda(lambda x: seen.append(x.shape[0]) or x)(image))
    seen.clear()
    for images in (1, 2, 5):
        assert np.array_equal(learning_pass(model)(tf.ones((images, 2, 1))), np.ones((images, 2, 1)))
    assert seen == [1, 1, 1, 3, 2]


def test_rows_that_are_cropped_in_the_end_do_not_get_to_the_output_layer(monkeypatch):
    model = rnn.simple_rnn((6, 5, 1))
    seen = []
    own = forward.OWN[layers.Dense]
    monkeypatch.setitem(
        forward.OWN, layers.Dense, lambda layer, shards: seen.append(shards[0].shape) or own(layer, shards)
    )
    learning_pass(model, shards=1)(tf.zeros((16, 6, 5, 1)))
    assert seen == [(16, 1, 128)]


def test_a_recurrent_cell_is_traced_once_for_all_rows(monkeypatch):
    model = rnn.gru((6, 5, 1))
    called = []
    cell = model.get_layer("gru1").cell
    own = cell.call
    monkeypatch.setattr(cell, "call", lambda *given, **named: called.append(1) or own(*given, **named))
    learning_pass(model)(tf.zeros((16, 6, 5, 1)))
    assert len(called) == 1


def test_an_lstm_is_traced_once_for_all_its_blocks_of_rows_and_shards(monkeypatch):
    widths = []
    own = lstm._forward
    monkeypatch.setattr(
        lstm, "_forward", lambda rows, *given: widths.append(rows[0].shape[0]) or own(rows, *given)
    )
    learning_pass(rnn.lstm((8, 5, 1)))(tf.zeros((16, 8, 5, 1)))
    assert widths == [5 + 1, 128 + 1]  # two layers


def test_pooling_comes_first_only_where_nothing_else_takes_the_convolutions_output():
    image = keras.Input((4, 4, 1))
    x = layers.Conv2D(2, 3, padding="same", activation="relu")(image)
    branches = layers.Concatenate()([layers.MaxPooling2D()(x), layers.AveragePooling2D(2)(x)])
    model = keras.Model(image, branches)
    images = tf.random.stateless_uniform((3, 4, 4, 1), [0, 0])
    np.testing.assert_allclose(learning_pass(model)(images), model(images, training=True), rtol=1e-5)


def answers_and_gradients(forward, model, inputs):
    with tf.GradientTape() as tape:
        outputs = forward(inputs)
        loss = tf.reduce_sum(outputs**2)
    return [outputs, *dense_gradients(tape, loss, model.trainable_variables)]
