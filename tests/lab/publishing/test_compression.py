"""A tiny network; LiteRT and NumPy are the referees."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from keras import layers

from core.lab.publishing.compression import fine_tune, pruned
from core.lab.publishing.litert_conversion import to_four_bits, to_full_int8, to_litert

IMAGES = np.random.default_rng(2).random((40, 6, 6, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(4)
    image = keras.Input((6, 6, 1), name="image")
    maps = layers.Conv2D(8, 3, activation="relu", name="conv")(image)
    return keras.Model(image, layers.Dense(3, name="logits")(layers.Flatten()(maps)))


def kernels(model: keras.Model) -> np.ndarray:
    return np.concatenate([v.numpy().ravel() for v in model.weights if "kernel" in v.name])


def run(content: bytes) -> np.ndarray:
    """Return the logits of a LiteRT file, by LiteRT itself."""
    interpreter = Interpreter(model_content=content)
    signature = interpreter.get_signature_runner()
    return np.concatenate([signature(image=image[None])["logits"] for image in IMAGES])


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_the_smallest_weights_of_all_kernels_are_zero_and_the_others_unchanged(
    model: keras.Model, share: float
) -> None:
    before, after = kernels(model), kernels(pruned(model, share))

    order = np.argsort(np.abs(before))
    cut = round(share * len(before))
    np.testing.assert_array_equal(after[order[:cut]], 0)
    np.testing.assert_array_equal(after[order[cut:]], before[order[cut:]])


def test_a_pruned_network_learns_again_and_keeps_its_zeros(model: keras.Model) -> None:
    labels = np.arange(40) % 3
    images = (120 * np.eye(3)[labels].repeat(12, axis=1).reshape(40, 6, 6, 1)).astype(np.uint8)
    info = SimpleNamespace(classes=("a", "b", "c"))
    data: Any = SimpleNamespace(info=info, x_train=images, y_train=labels)
    small = pruned(model, 0.8)
    zeros = kernels(small) == 0

    fine_tune(small, data, "none", steps=300, seed=1)

    np.testing.assert_array_equal(kernels(small)[zeros], 0)
    assert np.count_nonzero(kernels(small)) >= 0.99 * np.count_nonzero(~zeros)
    right = np.asarray(small(images / np.float32(255))).argmax(axis=1) == labels
    assert right.mean() > 0.9


@pytest.mark.parametrize(
    ("form", "largest"), [("float16", 2e-3), ("dynamic8", 0.05), ("full8", 0.1), ("weights4", 0.2)]
)
def test_litert_answers_nearly_as_keras_does_with_fewer_bits(
    model: keras.Model, form: str, largest: float
) -> None:
    outputs = {"logits": model.output}
    if form == "full8":
        content = to_full_int8(model, outputs, IMAGES)
    elif form == "weights4":
        content = to_four_bits(model, outputs)
    else:
        content = to_litert(model, outputs, int8=form == "dynamic8")

    expected = np.asarray(model(IMAGES))
    np.testing.assert_allclose(run(content), expected, atol=largest * np.ptp(expected))
