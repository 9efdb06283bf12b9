from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from core.contract.evaluation import softmax
from core.inside import step_arithmetic

LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0]], np.float32)


def test_the_terms_of_softmax_give_the_probabilities() -> None:
    terms = step_arithmetic.softmax_terms(LOGITS[0])

    np.testing.assert_allclose(terms.probabilities, softmax(LOGITS[0].astype(np.float64)))
    np.testing.assert_allclose(terms.exponentials / terms.total, terms.probabilities)


def test_random_weights_lie_within_the_limit_of_glorot() -> None:
    drawn = np.abs(keras.initializers.GlorotUniform(seed=1)((300, 200)))

    limit = step_arithmetic.glorot_limit(300, 200)
    assert 0.99 * limit < drawn.max() <= limit


def test_gradients_of_logits_are_those_of_tensorflow() -> None:
    labels, logits = [0, 2], tf.constant(LOGITS)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    expected = tape.gradient(loss, logits)

    found = [
        step_arithmetic.logit_gradients(softmax(image), label, images=2)
        for image, label in zip(LOGITS, labels, strict=True)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_most_probable_other_class_is_never_the_label() -> None:
    probabilities = np.array([0.2, 0.7, 0.1])

    assert step_arithmetic.most_probable_other(probabilities, label=1) == 0
    assert step_arithmetic.most_probable_other(probabilities, label=2) == 1


def test_chance_loss_is_the_loss_of_equal_logits() -> None:
    expected = -np.log(softmax(np.zeros(10))[3])
    np.testing.assert_allclose(step_arithmetic.chance_loss(10), expected)


def test_adam_s_corrected_moments_of_a_constant_gradient_are_the_gradient_and_its_square() -> None:
    first = second = 0.0
    for step in range(1, 6):
        first, second = 0.9 * first + 0.1 * 0.3, 0.999 * second + 0.001 * 0.3**2
        np.testing.assert_allclose(step_arithmetic.corrected_moments(first, second, step), (0.3, 0.09))


def test_correctly_classified_images_are_counted() -> None:
    assert step_arithmetic.read_correctly(LOGITS, np.array([0, 2])) == 1
