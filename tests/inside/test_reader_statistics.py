from __future__ import annotations

import numpy as np

from core.datasets.synthetic.handwriting import render
from core.inside import reader_statistics
from core.inside.row_reader import as_rows, gradients, read
from core.inside.vanishing_gradients import read as read_measurement
from core.inside.vanishing_gradients import read_networks

ROWS = as_rows(render(np.array([3]), 4)[..., None] / np.float32(255))


def test_numbers_of_parameters_are_those_counted_by_keras_in_training() -> None:
    networks = read_networks()
    counted = {curve.cell: curve.parameters for curve in read_measurement().curves if curve.steps == 28}

    assert {name: reader_statistics.parameters(network) for name, network in networks.items()} == counted


def test_gradient_norms_are_those_of_the_last_layer() -> None:
    network = read_networks()["LSTM"]
    expected = gradients(network, read(network, ROWS), np.array([3]))[-1].norms()[0]

    np.testing.assert_allclose(reader_statistics.gradient_norms(network, ROWS, 3), expected, rtol=1e-3)


def test_a_gradient_is_compared_with_the_last_one_unless_that_is_zero() -> None:
    assert reader_statistics.first_to_last_ratio(np.array([0.5, 1.0, 2.0])) == 0.25
    assert reader_statistics.first_to_last_ratio(np.array([0.5, 0.0])) is None
