from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.bundles.saved_weights import SavedLayer
from core.errors import BundleError, ConfigError
from core.inside.row_completion import (
    RowGenerator,
    complete,
    component_probabilities,
    measure,
    mixture,
    one_hot,
    open_generator,
)
from core.inside.row_reader import reader
from tests.refusals import raises

if TYPE_CHECKING:
    import keras

HEIGHT, WIDTH, CLASSES = 6, 5, 3
UPPER = np.random.default_rng(1).integers(0, 256, (2, WIDTH)).astype(np.uint8)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Return a small network whose weights are random and large enough for clear probabilities."""
    from core.lab.models.row_generator import row_generator  # noqa: PLC0415 (imports TensorFlow)

    made = row_generator(HEIGHT, WIDTH, CLASSES, units=8, components=4)
    random = np.random.default_rng(2)
    made.set_weights([random.normal(0, 1.2, w.shape) for w in made.get_weights()])
    return made


@pytest.fixture(scope="module")
def generator(model: keras.Model) -> RowGenerator:
    layers = [
        SavedLayer(x.name, type(x).__name__, x.get_config(), tuple(x.get_weights())) for x in model.layers
    ]
    return RowGenerator(reader(layers), WIDTH, HEIGHT, ("a", "b", "c"))


def test_each_row_drawn_is_a_component_of_keras_mixture_after_the_rows_above(
    model: keras.Model, generator: RowGenerator
) -> None:
    labels = np.array([0, 2, -1])
    images = complete(generator, UPPER, labels, 1.0, seed=3)

    above = np.zeros((3, HEIGHT, WIDTH), np.float32)
    above[:, 1:] = images[:, :-1] / 255
    condition = np.repeat(one_hot(labels, CLASSES)[:, None], HEIGHT, axis=1)
    _, rows = mixture(np.asarray(model([np.concatenate([above, condition], axis=2)])), WIDTH)

    for n in range(3):
        for t in range(len(UPPER), HEIGHT):
            distance = np.abs(rows[n, t] - images[n, t] / 255).max(axis=1)
            assert distance.min() < 0.02, "a component, up to the rounding to 256 levels"


@pytest.mark.parametrize("label", [-1, 2])
def test_the_rows_offered_have_the_probabilities_of_keras(
    model: keras.Model, generator: RowGenerator, label: int
) -> None:
    above = np.zeros((1, HEIGHT, WIDTH), np.float32)
    above[:, 1 : len(UPPER) + 1] = UPPER / 255
    condition = np.repeat(one_hot(np.array([label]), CLASSES)[:, None], HEIGHT, axis=1)
    outputs = np.asarray(model([np.concatenate([above, condition], axis=2)]))[0, len(UPPER)]
    expected = np.exp(outputs[:4]) / np.exp(outputs[:4]).sum()

    np.testing.assert_allclose(
        component_probabilities(generator, UPPER, label), np.sort(expected)[::-1], rtol=1e-4
    )


def test_the_given_rows_stay_as_they_are(generator: RowGenerator) -> None:
    images = complete(generator, UPPER, np.zeros(4, int), 0.8, seed=1)

    assert (images[:, :2] == UPPER).all()
    assert images.shape == (4, HEIGHT, WIDTH)


def test_the_same_seed_gives_the_same_images_and_another_seed_different_ones(generator: RowGenerator) -> None:
    def drawn(seed: int, temperature: float = 1.5) -> np.ndarray:
        return complete(generator, UPPER, np.full(6, -1), temperature, seed)

    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert (drawn(1) != drawn(2)).any()
    np.testing.assert_array_equal(drawn(1, 0.0), drawn(2, 0.0))


def test_all_rows_or_no_rows_may_be_given(generator: RowGenerator) -> None:
    full = np.full((HEIGHT, WIDTH), 7, np.uint8)

    assert (complete(generator, full, np.array([0]), 1.0, 0) == 7).all()
    assert complete(generator, full[:0], np.array([0]), 1.0, 0).shape == (1, HEIGHT, WIDTH)


def test_a_mixture_holds_probabilities(generator: RowGenerator) -> None:
    weights, rows = mixture(np.random.default_rng(0).normal(0, 3, (2, 4 * (WIDTH + 1))), WIDTH)

    np.testing.assert_allclose(np.exp(weights).sum(axis=-1), 1, rtol=1e-6)
    assert rows.shape == (2, 4, WIDTH)
    assert rows.min() >= 0
    assert rows.max() <= 1


def test_the_loss_is_the_negative_log_likelihood_of_the_mixture() -> None:
    import tensorflow as tf  # noqa: PLC0415

    from core.lab.models.row_generator import negative_log_likelihood  # noqa: PLC0415

    random = np.random.default_rng(4)
    images = random.integers(0, 2, (2, HEIGHT, WIDTH)).astype(np.float32)
    outputs = random.normal(0, 1, (2, HEIGHT, 3 * (WIDTH + 1))).astype(np.float32)
    weights, rows = mixture(outputs, WIDTH)
    each = np.where(images[:, :, None] == 1, rows, 1 - rows).prod(axis=-1)
    expected = -np.log((np.exp(weights) * each).sum(axis=-1)).sum(axis=-1)

    loss = negative_log_likelihood(tf.constant(images), tf.constant(outputs))

    np.testing.assert_allclose(loss, expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"temperature": 3.0}, "inside.temperature"),
        ({"temperature": float("nan")}, "inside.temperature"),
        ({"labels": np.array([3])}, "inside.row_class"),
        ({"upper": np.zeros((9, WIDTH), np.uint8)}, "inside.rows"),
        ({"upper": np.zeros((2, 9), np.uint8)}, "inside.rows"),
    ],
)
def test_invalid_requests_for_a_completion_are_refused(
    generator: RowGenerator, change: dict, key: str
) -> None:
    usual = {"upper": UPPER, "labels": np.array([0]), "temperature": 1.0, "seed": 0}

    with raises(ConfigError, key):
        complete(generator, **{**usual, **change})


def test_a_classifier_cannot_draw_rows() -> None:
    with raises(BundleError, "inside.no_row_generator"):
        open_generator(pretrained("lstm"))


def test_completions_are_measured_by_another_network(generator: RowGenerator) -> None:
    """Use a network that reads class 1 if the first pixel is lit and class 0 otherwise."""

    class Examiner:
        def logits(self, images: np.ndarray) -> np.ndarray:
            lit = images[:, 0, 0] > 0
            return np.stack([~lit, lit, np.zeros(len(images))], axis=1).astype(float)

    images = np.zeros((4, HEIGHT, WIDTH), np.uint8)
    images[2:, 0, 0] = 255
    labels = np.array([0, 0, 1, 1])

    found = measure(generator, Examiner(), images, labels)  # type: ignore[arg-type]

    assert found["completion_accuracy"] == found["completion_accuracy_real"] == 1, "given rows stay"
    assert 0 <= found["conditional_accuracy"] <= 1
