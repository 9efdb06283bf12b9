from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.bundles.bundle import Bundle, pretrained
from core.bundles.saved_weights import SavedLayer, read_layers
from core.contract.evaluation import softmax
from core.datasets.synthetic.handwriting import render
from core.errors import BundleError
from core.explain.row_probabilities import row_probabilities
from core.inference.classifier import Classifier
from core.inside.row_reader import as_rows, gradients, read, reader
from tests.refusals import raises

if TYPE_CHECKING:
    import keras

CELLS = ("simple_rnn", "gru", "lstm")
GLYPHS = render(np.array([3, 8, 5]), 4)
ROWS = as_rows(GLYPHS[..., None] / np.float32(255))
LABELS = np.array([3, 1, 5])


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[keras.Model, Bundle]]:
    """Return a Keras model of each cell as the app builds it, and a bundle with only the parts read here."""
    import keras  # noqa: PLC0415 (imports TensorFlow)

    from core.lab.models import factory  # noqa: PLC0415

    made = {}
    for name in CELLS:
        keras.utils.set_random_seed(7)
        model = factory.classifier(name, (28, 28, 1), 10)
        folder = tmp_path_factory.mktemp(name)
        model.save(folder / "model.keras")
        made[name] = (model, Bundle(folder, pretrained("lstm").card))
    return made


@pytest.mark.parametrize("name", CELLS)
def test_the_logits_after_every_row_are_those_of_keras(
    networks: dict[str, tuple[keras.Model, Bundle]], name: str
) -> None:
    import keras  # noqa: PLC0415

    model, bundle = networks[name]
    theirs = keras.Model(model.inputs, model.get_layer("row_logits").output)(
        GLYPHS[..., None] / np.float32(255)
    )

    ours = read(reader(read_layers(bundle)), ROWS)

    np.testing.assert_allclose(ours.logits, theirs, atol=1e-4)
    assert [trace.state.shape for trace in ours.traces] == [(3, 28, 128)] * 2


@pytest.mark.parametrize("name", CELLS)
def test_gradients_of_both_layers_are_those_of_gradient_tape(
    networks: dict[str, tuple[keras.Model, Bundle]], name: str
) -> None:
    """Add zeros to the hidden states h, and take the gradient with respect to those zeros."""
    import tensorflow as tf  # noqa: PLC0415

    model, bundle = networks[name]
    layers = [model.get_layer(f"{name}{i}") for i in (1, 2)]
    added = [tf.zeros((28, 3, 128)) for _ in layers]
    with tf.GradientTape() as tape:
        tape.watch(added)
        sequence = [tf.constant(ROWS[:, t]) for t in range(28)]
        for layer, zeros in zip(layers, added, strict=True):
            states = [tf.zeros((3, 128))] * (2 if name == "lstm" else 1)
            outputs = []
            for t, row in enumerate(sequence):
                _, states = layer.cell(row, states)
                states = [states[0] + zeros[t], *states[1:]]
                outputs.append(states[0])
            sequence = outputs
        logits = model.get_layer("row_logits")(sequence[-1])
        loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits))
    theirs = tape.gradient(loss, added)

    network = reader(read_layers(bundle))
    found = gradients(network, read(network, ROWS), LABELS)

    for ours, expected in zip(found, theirs, strict=True):
        np.testing.assert_allclose(ours.state, np.asarray(expected).swapaxes(0, 1), rtol=2e-3, atol=2e-5)


def test_the_logits_of_the_shipped_lstm_after_each_row_are_those_of_litert() -> None:
    """Allow for LiteRT's weights in float16."""
    classifier = Classifier(pretrained("lstm"))
    network = reader(read_layers(classifier.bundle))

    ours = softmax(read(network, ROWS).logits[0] / classifier.card.temperature)

    np.testing.assert_allclose(ours, row_probabilities(classifier, GLYPHS[0]), atol=0.02)


def test_a_network_without_a_recurrent_layer_is_refused() -> None:
    with raises(BundleError, "inside.unknown_layer"):
        reader(read_layers(pretrained("cnn")))


def test_a_network_without_weights_is_refused() -> None:
    with raises(BundleError, "inside.no_recurrent_layer"):
        reader([SavedLayer("image", "InputLayer", {}, ())])
