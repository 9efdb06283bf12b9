from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from core.lab.training.fast.sgd import MOMENTUM, VECTORS, FusedSGD
from tests.lab.training.fast.test_adam import moved


class Scaled(keras.optimizers.SGD):
    """Keras's own SGD, with larger gradients of vectors."""

    def apply(self, grads: list[tf.Tensor], trainable_variables: list[keras.Variable]) -> None:
        super().apply([VECTORS * x if len(x.shape) < 2 else x for x in grads], trainable_variables)


def test_updates_equal_those_of_keras_with_larger_gradients_of_vectors():
    start = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    keras_own = Scaled(0.01, momentum=MOMENTUM, nesterov=True)
    for one, other in zip(moved(keras_own, start), moved(FusedSGD(0.01), start), strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-5)


def test_kernels_decay_and_vectors_do_not():
    start = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    plain, decayed = moved(FusedSGD(0.01), start), moved(FusedSGD(0.01, weight_decay=0.1), start)
    assert np.array_equal(plain[1], decayed[1])
    assert not np.allclose(plain[0], decayed[0], atol=1e-4)
