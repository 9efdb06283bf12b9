from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.bundles.saved_weights import SavedLayer
from core.errors import BundleError
from core.inside.recurrent_cells import GATES, Cell, backward, cell, decompose, forward
from tests.refusals import raises

if TYPE_CHECKING:
    import keras

KINDS = tuple(GATES)
UNITS, STEPS, WIDTH, COUNT = 6, 9, 4, 3
INPUTS = np.random.default_rng(2).normal(0, 1, (COUNT, STEPS, WIDTH)).astype(np.float32)


def _keras_layer(kind: str, **settings: Any) -> keras.layers.RNN:
    """Return a layer whose weights are all random, including its biases."""
    import keras  # noqa: PLC0415 (imports TensorFlow)

    layer = getattr(keras.layers, kind)(UNITS, return_sequences=True, name="cell", **settings)
    layer.build((None, STEPS, WIDTH))
    random = np.random.default_rng(5)
    layer.set_weights([random.normal(0, 0.6, w.shape) for w in layer.get_weights()])
    return layer


def _cell(layer: keras.layers.RNN) -> Cell:
    return cell(SavedLayer(layer.name, type(layer).__name__, layer.get_config(), tuple(layer.get_weights())))


@pytest.mark.parametrize("kind", KINDS)
def test_the_states_are_those_of_keras(kind: str) -> None:
    layer = _keras_layer(kind)

    ours = forward(_cell(layer), INPUTS)

    np.testing.assert_allclose(ours.state, layer(INPUTS), atol=1e-5)


def test_the_cell_state_of_an_lstm_is_that_of_keras() -> None:
    layer = _keras_layer("LSTM", return_state=True)
    _, _, memory = layer(INPUTS)

    trace = forward(_cell(layer), INPUTS)

    assert trace.cell_state is not None
    np.testing.assert_allclose(trace.cell_state[:, -1], memory, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_every_equation_of_a_unit_ends_in_the_number_of_keras(kind: str) -> None:
    layer = _keras_layer(kind)
    theirs = np.asarray(layer(INPUTS))
    ours = _cell(layer)
    trace = forward(ours, INPUTS)

    for image, step, unit in [(0, 0, 0), (1, 4, 5), (2, 8, 3)]:
        gates = {gate.name: gate for gate in decompose(ours, trace, image, step, unit)}
        before = theirs[image, step - 1, unit] if step else 0.0
        for gate in gates.values():
            share = gates["reset"].value if kind == "GRU" and gate.name == "candidate" else 1.0
            total = gate.from_input + gate.bias + share * gate.from_state
            expected = np.tanh(total) if gate.name == "candidate" else 1 / (1 + np.exp(-total))
            assert gate.value == pytest.approx(expected, abs=1e-5)
        values = {name: gate.value for name, gate in gates.items()}
        state = values["candidate"]
        if kind == "GRU":
            state = values["update"] * before + (1 - values["update"]) * state
        elif trace.cell_state is not None:
            memory = trace.cell_state[image, step - 1, unit] if step else 0.0
            memory = values["forget"] * memory + values["input"] * values["candidate"]
            state = values["output"] * np.tanh(memory)
        assert state == pytest.approx(theirs[image, step, unit], abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("last_only", [True, False])
def test_gradients_through_time_are_those_of_gradient_tape(kind: str, last_only: bool) -> None:
    """Add zeros to the state of each step; their gradient is that of the loss by this state."""
    import tensorflow as tf  # noqa: PLC0415

    layer = _keras_layer(kind)
    upstream = np.random.default_rng(8).normal(0, 1, (COUNT, STEPS, UNITS)).astype(np.float32)
    if last_only:
        upstream[:, :-1] = 0
    inputs = tf.constant(INPUTS)
    parts = 2 if kind == "LSTM" else 1
    added = [[tf.zeros((COUNT, UNITS)) for _ in range(parts)] for _ in range(STEPS)]

    with tf.GradientTape() as tape:
        tape.watch([inputs, added])
        states = [tf.zeros((COUNT, UNITS)) for _ in range(parts)]
        loss = 0.0
        for t in range(STEPS):
            _, states = layer.cell(inputs[:, t], states)
            states = [s + a for s, a in zip(states, added[t], strict=True)]
            loss += tf.reduce_sum(states[0] * upstream[:, t])
    by_inputs, by_states = tape.gradient(
        loss, [inputs, added], unconnected_gradients=tf.UnconnectedGradients.ZERO
    )

    ours = _cell(layer)
    found = backward(ours, forward(ours, INPUTS), upstream)

    theirs = np.array([[np.asarray(part) for part in step] for step in by_states])  # T×parts×N×units
    np.testing.assert_allclose(found.inputs, by_inputs, atol=2e-5)
    np.testing.assert_allclose(found.state, theirs[:, 0].swapaxes(0, 1), atol=2e-5)
    if found.cell_state is not None:
        np.testing.assert_allclose(found.cell_state, theirs[:, 1].swapaxes(0, 1), atol=2e-5)
    norms = np.sqrt((theirs**2).sum(axis=(1, 3))).T
    np.testing.assert_allclose(found.norms(), norms, atol=2e-5)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"activation": "relu"}, "inside.unknown_layer"),
        ({"go_backwards": True}, "inside.unknown_settings"),
        ({"use_bias": False}, "inside.unknown_layer"),
        ({"reset_after": False}, "inside.unknown_layer"),
    ],
)
def test_unsupported_settings_are_refused(settings: dict[str, Any], key: str) -> None:
    layer = _keras_layer("GRU", **settings)

    with raises(BundleError, key):
        _cell(layer)
