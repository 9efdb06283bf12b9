from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.lab.models.gan import Gan
from core.lab.models.text_gan import StraightThroughChoice, text_gan


@pytest.fixture(scope="module")
def gan() -> Gan:
    keras.utils.set_random_seed(0)
    return text_gan(length=3, characters=4, latent_size=5, units=6)


def test_texts_are_one_hot_and_get_one_logit_each(gan: Gan) -> None:
    random = np.random.default_rng(0)
    latent = random.standard_normal((7, 5)).astype(np.float32)
    texts = gan.generator([latent, random.gumbel(size=(7, 3, 4)).astype(np.float32)]).numpy()

    assert texts.shape == (7, 3, 4)
    np.testing.assert_allclose(texts.max(-1), 1, atol=1e-6)
    np.testing.assert_allclose(texts.sum(-1), 1, atol=1e-6)
    assert gan.discriminator(texts).shape == (7, 1)


def test_characters_are_drawn_by_the_softmax_of_the_scores() -> None:
    scores = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    gumbel = np.random.default_rng(0).gumbel(size=(20_000, 3)).astype(np.float32)
    chosen = StraightThroughChoice()([tf.tile(scores[None], [20_000, 1]), tf.constant(gumbel)])

    np.testing.assert_allclose(tf.reduce_mean(chosen, axis=0), [0.6, 0.3, 0.1], atol=0.01)


def test_the_gradient_through_a_drawn_character_is_that_of_the_softmax() -> None:
    scores, gumbel = tf.constant([[0.3, -1.0, 0.8]]), tf.constant([[0.1, 0.2, -0.4]])
    weights = tf.constant([[1.0, -2.0, 0.5]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(scores)
        chosen = tf.reduce_sum(StraightThroughChoice()([scores, gumbel]) * weights)
        soft = tf.reduce_sum(keras.ops.softmax(scores + gumbel) * weights)

    np.testing.assert_allclose(tape.gradient(chosen, scores), tape.gradient(soft, scores), rtol=1e-6)
