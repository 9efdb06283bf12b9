"""NumPy's own gradient of a tiny network is the referee."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from core.contract.evaluation import softmax
from core.lab.experiments.input_gradients import (
    exciting_image,
    fgsm,
    integrated_gradients,
    loss_gradient,
    pgd,
)

DRAWS = np.random.default_rng(5)
HIDDEN, OUTPUT = DRAWS.normal(size=(6, 5)), DRAWS.normal(size=(5, 3))
IMAGES = DRAWS.uniform(0.2, 0.8, (4, 2, 3, 1)).astype(np.float32)
LABELS = np.array([0, 1, 2, 1])


@pytest.fixture(scope="module")
def model() -> keras.Model:
    image = keras.Input((2, 3, 1))
    hidden = layers.Dense(5, activation="tanh", use_bias=False)(layers.Flatten()(image))
    network = keras.Model(image, layers.Dense(3, use_bias=False)(hidden))
    network.set_weights([HIDDEN, OUTPUT])
    return network


def logits(images: np.ndarray) -> np.ndarray:
    return np.tanh(images.reshape(len(images), -1) @ HIDDEN) @ OUTPUT


def pulled_back(images: np.ndarray, of_logits: np.ndarray) -> np.ndarray:
    """Return the gradient with respect to images, from that with respect to logits."""
    hidden = np.tanh(images.reshape(len(images), -1) @ HIDDEN)
    return ((of_logits @ OUTPUT.T * (1 - hidden**2)) @ HIDDEN.T).reshape(images.shape)


def expected_gradient(images: np.ndarray) -> np.ndarray:
    return pulled_back(images, softmax(logits(images)) - np.eye(3)[LABELS])


def test_the_gradient_of_the_loss_is_that_of_numpy(model: keras.Model) -> None:
    np.testing.assert_allclose(loss_gradient(model, IMAGES, LABELS), expected_gradient(IMAGES), atol=1e-5)


def test_fgsm_is_one_step_along_the_sign_of_numpys_gradient(model: keras.Model) -> None:
    away = np.clip(IMAGES + 0.1 * np.sign(expected_gradient(IMAGES)), 0, 1)
    towards = np.clip(IMAGES - 0.1 * np.sign(expected_gradient(IMAGES)), 0, 1)

    np.testing.assert_allclose(fgsm(model, IMAGES, LABELS, 0.1), away, atol=1e-6)
    np.testing.assert_allclose(fgsm(model, IMAGES, LABELS, 0.1, targeted=True), towards, atol=1e-6)


def test_pgd_is_the_same_loop_in_numpy_and_stays_within_its_strength(model: keras.Model) -> None:
    expected = IMAGES.astype(np.float64)
    for _ in range(4):
        stepped = np.clip(expected + 2.5 * 0.2 / 4 * np.sign(expected_gradient(expected)), 0, 1)
        expected = np.clip(stepped, IMAGES - 0.2, IMAGES + 0.2)

    found = pgd(model, IMAGES, LABELS, 0.2, steps=4)

    np.testing.assert_allclose(found, np.clip(expected, 0, 1), atol=1e-5)
    assert np.abs(found - IMAGES).max() <= 0.2 + 1e-6


def test_a_strength_of_zero_changes_nothing(model: keras.Model) -> None:
    np.testing.assert_array_equal(fgsm(model, IMAGES, LABELS, 0.0), IMAGES)
    np.testing.assert_array_equal(pgd(model, IMAGES, LABELS, 0.0), IMAGES)


def test_integrated_gradients_are_those_of_numpy_and_sum_to_the_change_of_the_logit(
    model: keras.Model,
) -> None:
    path = (np.arange(64) + 0.5)[:, None, None, None] / 64 * IMAGES[0]
    expected = IMAGES[0] * pulled_back(path, np.tile(np.eye(3)[1], (64, 1))).mean(axis=0)

    found = integrated_gradients(model, IMAGES[0], 1, steps=64)

    np.testing.assert_allclose(found, expected, atol=1e-5)
    change = logits(IMAGES[:1])[0, 1] - logits(0 * IMAGES[:1])[0, 1]
    assert found.sum() == pytest.approx(change, abs=1e-3)


def test_the_ascent_begins_along_numpys_gradient_and_excites_the_unit(model: keras.Model) -> None:
    layer = model.layers[-1].name
    begun = np.random.default_rng(7).uniform(0, 0.1, (2, 3, 1)).astype(np.float32)
    gradient = pulled_back(begun[None], np.eye(3)[[2]])[0]

    first, _ = exciting_image(model, layer, 2, seed=7, steps=1)
    _, activations = exciting_image(model, layer, 2, seed=7, steps=12)

    np.testing.assert_allclose(first, np.clip(begun + 0.05 * gradient / gradient.std(), 0, 1), atol=1e-5)
    assert activations[0] == pytest.approx(logits(begun[None])[0, 2], abs=1e-5)
    assert activations[-1] > activations[0]
