"""Measure a trained recurrent network's gradients through time on its own test images."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from core.bundles.bundle import open_bundle
from core.bundles.saved_weights import read_layers
from core.datasets import registry
from core.errors import ConfigError
from core.inside.recurrent_cells import Cell
from core.inside.row_reader import RowReader, as_rows, gradients, read, reader
from core.messages import Progress, message

MAX_IMAGES = 1000
CHUNK = 50  # images between two reports of progress


class RecurrentGradients:
    """Network of the bundle in ``folder``, and the test images of the data set that it was trained on.

    Raises:
        BundleError: when the bundle cannot be read, or holds no recurrent network.
        DatasetError: when the data set cannot be loaded.
    """

    def __init__(self, progress: Progress, folder: str) -> None:
        bundle = open_bundle(Path(folder))
        self._network = _in_double_precision(reader(read_layers(bundle)))
        data = registry.load(bundle.card.dataset, train_size=1, progress=progress)
        self._images, self._labels = data.x_test, data.y_test.astype(np.int64)
        self._progress = progress

    def measure(self, images: int) -> dict[str, Any]:
        """Return each recurrent layer's median norm of the gradient with respect to the state after each row.

        Raises:
            ConfigError: when ``images`` is out of range.
        """
        if not 1 <= images <= min(MAX_IMAGES, len(self._images)):
            raise ConfigError("lab.image_count", most=min(MAX_IMAGES, len(self._images)), count=images)
        norms: list[list[np.ndarray]] = [[] for _ in self._network.cells]
        for i in range(0, images, CHUNK):
            part = slice(i, min(i + CHUNK, images))
            reading = read(self._network, as_rows(self._images[part] / 255.0))
            by_layer = gradients(self._network, reading, self._labels[part])
            for collected, found in zip(norms, by_layer, strict=True):
                collected.append(found.norms())
            self._progress(message("lab.backpropagating"), min(1.0, (i + CHUNK) / images))
        layers = [
            {"name": cell.name, "kind": cell.kind, "norms": np.median(np.concatenate(collected), axis=0)}
            for cell, collected in zip(self._network.cells, norms, strict=True)
        ]
        return {"layers": layers, "images": images}


def _in_double_precision(network: RowReader) -> RowReader:
    """Return the network in double precision, because vanished gradients underflow in single precision."""
    return RowReader(
        tuple(_cell_in_double_precision(cell) for cell in network.cells),
        network.kernel.astype(np.float64),
        network.bias.astype(np.float64),
    )


def _cell_in_double_precision(cell: Cell) -> Cell:
    parts = ("kernel", "recurrent", "bias", "recurrent_bias")
    return dataclasses.replace(cell, **{part: getattr(cell, part).astype(np.float64) for part in parts})
