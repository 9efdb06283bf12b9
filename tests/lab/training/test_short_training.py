"""A tiny network on numbers; NumPy's sum over classes is the referee of accuracy."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from core.lab.training.short_training import ShortTraining

DRAWS = np.random.default_rng(3)
LABELS = DRAWS.integers(0, 3, 90)
IMAGES = (DRAWS.integers(0, 60, (90, 2, 3, 1)) + 120 * np.eye(3)[LABELS][:, None, :, None]).astype(np.uint8)
TARGETS = np.eye(3, dtype=np.float32)[LABELS]


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(1)
    image = keras.Input((2, 3, 1))
    hidden = layers.Dense(8, activation="relu", name="hidden")(layers.Flatten()(image))
    return keras.Model(image, layers.Dense(3, name="logits")(hidden))


def test_a_second_training_from_the_same_weights_is_like_the_first(model: keras.Model) -> None:
    training = ShortTraining(model, batch_size=16, learning_rate=0.02)
    first = model.get_weights()
    logits = []
    for _ in range(2):
        model.set_weights(first)
        training.run(IMAGES, TARGETS, steps=60, seed=4)
        logits.append(training.logits(IMAGES))

    np.testing.assert_allclose(logits[0], logits[1], atol=1e-4)
    assert training.accuracy(IMAGES, LABELS) == np.mean(logits[1].argmax(axis=1) == LABELS)
    assert training.accuracy(IMAGES, LABELS) > 0.9
    np.testing.assert_allclose(logits[1], np.asarray(model(IMAGES / np.float32(255))), atol=1e-5)


def test_masked_weights_stay_zero_while_the_others_learn(model: keras.Model) -> None:
    masks = [DRAWS.random(v.shape) < 0.5 if "kernel" in v.name else None for v in model.trainable_variables]
    for variable, mask in zip(model.trainable_variables, masks, strict=True):
        if mask is not None:
            variable.assign(variable * mask)
    before = model.get_weights()

    ShortTraining(model, batch_size=16, learning_rate=0.02, masks=masks).run(IMAGES, TARGETS, 3, seed=1)

    for old, new, mask in zip(before, model.get_weights(), masks, strict=True):
        if mask is not None:
            np.testing.assert_array_equal(new[~mask], 0)
            assert (new[mask] != old[mask]).any()
