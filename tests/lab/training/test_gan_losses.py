from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.gan_games import rules
from core.lab.training.gan_losses import (
    LOSSES,
    dense_gradients,
    one_centred_penalty,
    select_loss,
    squared_gradient_norm,
    zero_centred_penalty,
)

LOGITS = np.array([-3.0, -0.5, 0.0, 0.7, 4.0], np.float32)
BELIEF = 1 / (1 + np.exp(-LOGITS.astype(np.float64)))

# As the papers write them, with D(x) the sigmoid of the logit where there is one.
PAPERS = {
    "minimax": (-np.log(BELIEF), -np.log(1 - BELIEF), np.log(1 - BELIEF)),
    "non-saturating": (-np.log(BELIEF), -np.log(1 - BELIEF), -np.log(BELIEF)),
    "least-squares": ((LOGITS - 1) ** 2 / 2, LOGITS**2 / 2, (LOGITS - 1) ** 2 / 2),
    "wasserstein": (-LOGITS, LOGITS, -LOGITS),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_losses_are_those_of_the_papers(name: str) -> None:
    for side, expected in zip(("real", "fake", "generator"), PAPERS[name], strict=True):
        found = select_loss(side, tf.constant(list(LOSSES).index(name)), tf.constant(LOGITS))
        np.testing.assert_allclose(found, expected, rtol=1e-5, err_msg=side)


@pytest.mark.parametrize("side", ["real", "fake"])
def test_the_logistic_losses_are_keras_binary_cross_entropy(side: str) -> None:
    target = np.full((len(LOGITS), 1), float(side == "real"), np.float32)
    expected = keras.losses.binary_crossentropy(target, LOGITS[:, None], from_logits=True)
    for name in rules.LOGISTIC:
        np.testing.assert_allclose(getattr(LOSSES[name], side)(LOGITS), expected, rtol=1e-5)


def test_a_kind_of_loss_that_was_not_chosen_adds_no_gradient() -> None:
    logits = tf.constant(LOGITS)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = select_loss("fake", tf.constant(list(LOSSES).index("least-squares")), logits)

    np.testing.assert_allclose(tape.gradient(loss, logits), LOGITS, rtol=1e-6)


def test_the_games_and_the_lab_list_the_same_losses_in_the_same_order() -> None:
    assert list(LOSSES) == list(rules.LOSSES) == list(rules.PENALTIES)


def test_the_squared_gradient_norm_is_that_of_finite_differences() -> None:
    discriminator = _discriminator()
    points = np.random.default_rng(0).normal(size=(4, 2)).astype(np.float32)
    step = 1e-2
    slope = [
        (discriminator(points + step * axis) - discriminator(points - step * axis)).numpy()[:, 0] / (2 * step)
        for axis in np.eye(2, dtype=np.float32)
    ]

    expected = np.sum(np.square(slope), axis=0)
    np.testing.assert_allclose(squared_gradient_norm(discriminator, tf.constant(points)), expected, rtol=1e-2)


def test_penalties_are_zero_where_they_should_be() -> None:
    assert float(zero_centred_penalty(tf.zeros(3))) == 0
    assert float(one_centred_penalty(tf.ones(3))) == pytest.approx(0, abs=1e-9)
    assert float(one_centred_penalty(tf.constant([4.0, 0.0]))) == pytest.approx(1, abs=1e-5)
    assert float(zero_centred_penalty(tf.constant([4.0, 0.0]))) == 1


def test_a_weight_without_effect_has_a_zero_gradient() -> None:
    discriminator = _discriminator()
    with tf.GradientTape() as tape:
        penalty = zero_centred_penalty(squared_gradient_norm(discriminator, tf.ones((3, 2))))

    found = dense_gradients(tape, penalty, discriminator.trainable_variables)
    assert float(tf.norm(found[-1])) == 0  # the bias of the output
    assert float(tf.norm(found[0])) > 0


def _discriminator() -> keras.Model:
    keras.utils.set_random_seed(1)
    point = keras.Input((2,))
    return keras.Model(point, keras.layers.Dense(1)(keras.layers.Dense(8, activation="tanh")(point)))
