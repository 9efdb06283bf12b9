from __future__ import annotations

import keras
import numpy as np
import pytest

from core.lab.models import rnn

NETWORKS = [rnn.lstm, rnn.gru, rnn.simple_rnn]
PARAMETERS = {rnn.lstm: (80_384, 131_584), rnn.gru: (60_672, 99_072), rnn.simple_rnn: (20_096, 32_896)}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def read_by_lstm(rows: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """Compute Hochreiter and Schmidhuber's equations with the forget gate in NumPy: N×T×D to N×T×units."""
    kernel, recurrent, bias = weights
    hidden = cell = np.zeros((len(rows), recurrent.shape[0]))
    outputs = []
    for row in rows.transpose(1, 0, 2):
        i, f, g, o = np.split(row @ kernel + hidden @ recurrent + bias, 4, axis=1)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        hidden = sigmoid(o) * np.tanh(cell)
        outputs.append(hidden)
    return np.stack(outputs, axis=1)


@pytest.mark.parametrize("build", NETWORKS)
def test_the_last_row_s_logits_are_the_logits(build):
    model, images = build(), np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    both = keras.Model(model.input, [model.get_layer("row_logits").output, model.output])
    row_logits, logits = map(np.asarray, both(images))
    assert row_logits.shape == (3, 28, 10)
    assert np.array_equal(row_logits[:, -1], logits)


@pytest.mark.parametrize("build", NETWORKS)
def test_the_logits_after_a_row_do_not_depend_on_the_rows_below(build):
    model, images = build(), np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    by_row = keras.Model(model.input, model.get_layer("row_logits").output)
    cut = images.copy()
    cut[:, 14:] = 0
    whole, half = np.asarray(by_row(images)), np.asarray(by_row(cut))
    assert np.allclose(whole[:, :14], half[:, :14], atol=1e-6)
    assert not np.allclose(whole[:, 14:], half[:, 14:], atol=1e-3)


@pytest.mark.parametrize("build", NETWORKS)
def test_a_recurrent_network_has_as_many_parameters_as_its_equations(build):
    """Count units × (inputs + units + biases) for each gate; Keras's GRU has two biases in each."""
    model, name = build(), build.__name__
    counts = tuple(model.get_layer(f"{name}{i}").count_params() for i in (1, 2))
    assert counts == PARAMETERS[build]


def test_the_lstm_computes_the_equations_of_its_paper():
    model, images = rnn.lstm(), np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    first, second = (read_by_lstm_layer(model, i) for i in (1, 2))
    expected = second(first(images[..., 0]))
    found = keras.Model(model.input, model.get_layer("lstm2").output)(images)
    assert np.allclose(found, expected, atol=1e-5)


def read_by_lstm_layer(model: keras.Model, number: int):
    weights = model.get_layer(f"lstm{number}").get_weights()
    return lambda rows: read_by_lstm(rows, weights)


def test_the_forget_gate_starts_with_a_bias_of_one():
    bias = rnn.lstm().get_layer("lstm1").get_weights()[2]
    assert np.array_equal(np.split(bias, 4)[1], np.ones(128))


def test_a_row_of_a_colour_image_holds_all_its_channels():
    assert rnn.lstm((32, 32, 3)).get_layer("rows").output.shape == (None, 32, 96)
