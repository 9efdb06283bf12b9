from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.lab.training.fast.adam import FusedAdam


@pytest.mark.parametrize("beta_1", [0.9, 0.0])
def test_updates_of_weights_equal_those_of_keras(beta_1):
    start = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    theirs, ours = (
        moved(kind(0.01, beta_1=beta_1, beta_2=0.99, epsilon=1e-8), start)
        for kind in (keras.optimizers.Adam, FusedAdam)
    )
    for one, other in zip(theirs, ours, strict=True):
        assert np.allclose(one, other, rtol=1e-5, atol=1e-7)
    assert not np.allclose(ours[0], start, atol=1e-3)


def test_kernels_decay_and_vectors_do_not_as_in_kerass_adamw():
    start = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    adamw = keras.optimizers.AdamW(0.01, weight_decay=0.1, epsilon=1e-8)
    theirs, ours = (moved(o, start) for o in (adamw, FusedAdam(0.01, weight_decay=0.1, epsilon=1e-8)))
    plain = moved(FusedAdam(0.01, epsilon=1e-8), start)
    assert np.allclose(theirs[0], ours[0], rtol=1e-5, atol=1e-7)
    assert not np.allclose(plain[0], ours[0], atol=1e-4)
    assert np.array_equal(plain[1], ours[1])


def moved(optimizer: keras.Optimizer, start: np.ndarray) -> list[np.ndarray]:
    """Return weights and optimizer state after twenty steps at decreasing rates."""
    variables = [keras.Variable(start), keras.Variable(start[0])]
    optimizer.build(variables)

    @tf.function
    def step(seed: tf.Tensor) -> None:
        gradients = [tf.random.stateless_normal(v.shape, [seed, i]) for i, v in enumerate(variables)]
        optimizer.apply(gradients, variables)

    for i in range(20):
        optimizer.learning_rate.assign(0.01 / (i + 1))
        step(tf.constant(i))
    return [np.array(v) for v in variables + optimizer.variables]
