from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from core.models import cnn, rnn
from core.training.forward import learning_pass


@pytest.mark.parametrize("name", ["tutorial", "lenet5", "deep"])
def test_it_gives_the_models_own_outputs_and_gradients(name):
    model = getattr(cnn, name)()
    for weight in model.trainable_variables:  # biases other than 0
        weight.assign_add(tf.random.stateless_normal(weight.shape, [1, len(weight.shape)], stddev=0.05))
    images = tf.random.stateless_uniform((16, 28, 28, 1), [0, 0])
    for layer in model.layers:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0
    theirs = answers_and_gradients(lambda x: model(x, training=True), model, images)
    ours = answers_and_gradients(learning_pass(model), model, images)
    for one, other in zip(theirs, ours, strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["lstm", "gru", "simple_rnn"])
def test_a_recurrent_network_gives_its_own_outputs_and_gradients_row_after_row(name):
    model = getattr(rnn, name)((6, 5, 1))
    model.get_layer("dropout").rate = 0
    images = tf.random.stateless_uniform((16, 6, 5, 1), [0, 0])
    theirs = answers_and_gradients(lambda x: model(x, training=True), model, images)
    ours = answers_and_gradients(learning_pass(model), model, images)
    for one, other in zip(theirs, ours, strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-6)


def test_a_recurrent_cell_is_traced_once_for_all_rows(monkeypatch):
    model = rnn.lstm((6, 5, 1))
    called = []
    cell = model.get_layer("lstm1").cell
    own = cell.call
    monkeypatch.setattr(cell, "call", lambda *given, **named: called.append(1) or own(*given, **named))
    learning_pass(model)(tf.zeros((16, 6, 5, 1)))
    assert len(called) == 1


def test_a_network_with_branches_is_called_as_it_is():
    image = keras.Input((4, 4, 1))
    x = layers.Conv2D(2, 3, padding="same", activation="relu")(image)
    branches = layers.Concatenate()([layers.MaxPooling2D()(x), layers.AveragePooling2D(2)(x)])
    model = keras.Model(image, branches)
    images = tf.random.stateless_uniform((3, 4, 4, 1), [0, 0])
    assert np.array_equal(learning_pass(model)(images), model(images, training=True))


def answers_and_gradients(forward, model, images):
    with tf.GradientTape() as tape:
        logits = forward(images)
        loss = tf.reduce_sum(logits**2)
    return [logits, *tape.gradient(loss, model.trainable_variables)]
