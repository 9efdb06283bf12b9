from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.lab.training.fast.muon import KERNELS, FusedMuon, nearly_orthogonal
from core.lab.training.fast.sgd import FusedSGD
from tests.lab.training.fast.test_adam import moved

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(40, 16), (16, 40), (12, 12)])
def test_singular_values_come_near_one_and_singular_vectors_stay(shape):
    matrix = RANDOM.standard_normal(shape).astype(np.float32)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    turned = left.T @ np.asarray(nearly_orthogonal(tf.constant(matrix))) @ right.T
    large = values > 0.05 * np.linalg.norm(matrix)
    assert ((np.diag(turned)[large] > 0.6) & (np.diag(turned)[large] < 1.25)).all()
    assert np.abs(turned - np.diag(np.diag(turned))).max() < 1e-4


def test_iterations_are_those_of_keras():
    matrix = RANDOM.standard_normal((20, 8)).astype(np.float32)
    keras_own = keras.optimizers.Muon(ns_steps=3)
    assert np.allclose(
        nearly_orthogonal(tf.constant(matrix)),
        keras_own.zeropower_via_newtonschulz5(tf.constant(matrix), 3),
        atol=1e-4,
    )


def test_matrices_and_vectors_learn_as_by_sgd():
    start = RANDOM.standard_normal((5, 3)).astype(np.float32)
    for one, other in zip(moved(FusedMuon(0.01), start), moved(FusedSGD(0.01), start), strict=True):
        assert np.array_equal(one, other)


def test_a_kernel_is_brought_to_its_norm_and_then_moved_against_its_gradient():
    kernel = keras.Variable(RANDOM.standard_normal((3, 3, 4, 9)).astype(np.float32))
    gradient = RANDOM.standard_normal((3, 3, 4, 9)).astype(np.float32)
    before = kernel.numpy() * 3 / np.linalg.norm(kernel.numpy())
    optimizer = FusedMuon(0.5)
    optimizer.build([kernel])
    optimizer.apply([tf.constant(gradient)], [kernel])
    step = (kernel.numpy() - before).reshape(-1, 9)
    expected = -0.5 * KERNELS * np.asarray(nearly_orthogonal(tf.constant(gradient.reshape(-1, 9))))
    assert np.allclose(step, expected, atol=1e-5)
