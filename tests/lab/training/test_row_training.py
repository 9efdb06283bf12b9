from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.datasets.dataset import Dataset
from core.inside.row_completion import FAMILY, complete, open_generator


def test_a_network_learns_to_draw_rows_and_its_bundle_draws(stripes: Dataset, tmp_path: Path) -> None:
    """Train on stripes: for a class, the network must draw the bright pair of rows of that class."""
    from core.lab.training import row_training  # noqa: PLC0415 (imports TensorFlow)

    config = row_training.RowsConfig(
        dataset="rendered", units=16, components=2, epochs=30, batch_size=24, learning_rate=0.02
    )
    heard: list[float] = []

    model = row_training.train(config, stripes, heard.append)
    loss = row_training.test_loss(model, stripes)
    row_training.publish(model, config, stripes, loss, tmp_path / "rows")

    assert heard[-1] == pytest.approx(1)
    bundle = open_bundle(tmp_path / "rows")
    assert (bundle.card.family, bundle.card.metrics["test_loss"]) == (FAMILY, loss)
    drawn = complete(open_generator(bundle), stripes.x_test[0, :0, :, 0], np.arange(3), 0.0, seed=0)
    brightest = drawn.mean(axis=2).reshape(3, 8).argmax(axis=1)
    assert [row // 3 for row in brightest] == [0, 1, 2]
