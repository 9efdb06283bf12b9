from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.datasets.dataset import Dataset
from core.inside.recurrent_cells import GATES
from core.inside.vanishing_gradients import GradientConfig, GradientCurve

if TYPE_CHECKING:
    from core.inside.row_reader import RowReader

CONFIG = GradientConfig(dataset="rendered", steps=(4,), epochs=(5,), units=12, batch_size=12, images=20)


@pytest.fixture(scope="module")
def measured(stripes: Dataset) -> list[tuple[GradientCurve, RowReader]]:
    from core.lab.experiments.gradient_measurement import measure  # noqa: PLC0415 (imports TensorFlow)

    shares: list[float] = []
    found = list(measure(CONFIG, stripes, lambda text, share: shares.append(share)))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    return found


def test_every_cell_is_trained_in_the_same_way_and_learns(
    measured: list[tuple[GradientCurve, RowReader]],
) -> None:
    assert [curve.cell for curve, _ in measured] == list(GATES)
    for curve, network in measured:
        assert network.cells[0].units == 12
        assert curve.accuracy > 0.5  # chance is a third
        assert len(curve.before) == len(curve.after) == 4


def test_gradient_norms_are_medians_of_keras_gradients_over_the_images(stripes: Dataset) -> None:
    """Compare with Keras's gradients with respect to the state that the output layer reads."""
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    from core.lab.experiments.gradient_measurement import (  # noqa: PLC0415
        as_sequences,
        double_precision_reader,
        gradient_norms,
        network,
    )

    keras.utils.set_random_seed(3)
    model = network("GRU", 8, 8, 12, 3)
    images, labels = as_sequences(stripes.x_test[:9], 8), stripes.y_test[:9].astype(np.int64)
    state = keras.Model(model.inputs, model.get_layer("cell").output)([images])
    with tf.GradientTape() as tape:
        tape.watch(state)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, model.get_layer("logits")(state))
    expected = np.median(np.linalg.norm(tape.gradient(loss, state), axis=1))

    norms = gradient_norms(double_precision_reader(model), images, labels)

    assert norms.shape == (8,)
    assert norms[-1] == pytest.approx(expected, rel=1e-4)
