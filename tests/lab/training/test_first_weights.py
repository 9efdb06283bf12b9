from __future__ import annotations

import keras
import numpy as np

from core.lab.models import cnn
from core.lab.training.first_weights import whiten


def test_the_outputs_of_the_first_layer_are_uncorrelated_with_one_variance():
    smooth = np.random.default_rng(0).integers(0, 256, (50, 8, 8, 3)).repeat(4, axis=1).repeat(4, axis=2)
    noise = np.random.default_rng(1).integers(0, 64, smooth.shape)
    images = (smooth * 3 // 4 + noise).astype(np.uint8)
    model = cnn.resnet()
    whiten(model, images)
    outputs = keras.Model(model.input, model.get_layer("whitening").output)(images / np.float32(255))
    outputs = np.reshape(outputs, [-1, 24]).astype(np.float64)
    correlation = outputs.T @ outputs / len(outputs)
    assert np.allclose(correlation[:12, :12], np.eye(12), atol=0.05)
    assert np.allclose(outputs[:, 12:], -outputs[:, :12], atol=1e-5)


def test_a_network_without_such_a_layer_stays_as_it_is():
    model = cnn.tutorial()
    before = model.get_weights()
    whiten(model, np.zeros((1, 28, 28, 1), np.uint8))
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
