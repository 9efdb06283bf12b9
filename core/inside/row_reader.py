"""Read images row by row with a recurrent network: a chain of recurrent layers and an output layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.bundles.saved_weights import SavedLayer
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inside.recurrent_cells import GATES, Cell, Gradients, Trace, backward, cell, forward

_WITHOUT_WEIGHTS = ("InputLayer", "Reshape", "Dropout", "Cropping1D")


@dataclass(frozen=True)
class RowReader:
    """Recurrent layers, then logits from the last layer's state after each step."""

    cells: tuple[Cell, ...]
    kernel: np.ndarray  # units × classes
    bias: np.ndarray  # classes


@dataclass(frozen=True)
class RowReading:
    """States and logits that a network computed from sequences."""

    traces: tuple[Trace, ...]  # one per recurrent layer
    logits: np.ndarray  # N×T×classes: after each step


def reader(layers: Sequence[SavedLayer]) -> RowReader:
    """Return the network that Keras saved.

    Raises:
        BundleError: when it has no recurrent layer, or a layer of an unsupported kind.
    """
    cells: list[Cell] = []
    output: SavedLayer | None = None
    for layer in layers:
        if layer.kind in GATES and output is None:
            cells.append(cell(layer))
        elif _is_output(layer) and cells and output is None:
            output = layer
        elif layer.kind not in _WITHOUT_WEIGHTS:
            raise BundleError("inside.unknown_layer", name=layer.name, kind=layer.kind)
    if output is None:
        raise BundleError("inside.no_recurrent_layer")
    return RowReader(tuple(cells), output.weights[0], output.weights[1])


def _is_output(layer: SavedLayer) -> bool:
    """Return whether a layer gives logits; a softmax in it does not change them."""
    return layer.kind == "Dense" and layer.settings["activation"] in ("linear", "softmax")


def as_rows(images: np.ndarray) -> np.ndarray:
    """Return images (N×H×W×C, 0 to 1) as sequences of rows, N×H×(W·C)."""
    return images.reshape(len(images), images.shape[1], -1)


def read(network: RowReader, sequences: np.ndarray) -> RowReading:
    """Read sequences, N×T×D, to their ends."""
    traces: list[Trace] = []
    for layer in network.cells:
        traces.append(forward(layer, traces[-1].state if traces else sequences))
    return RowReading(tuple(traces), traces[-1].state @ network.kernel + network.bias)


def gradients(network: RowReader, reading: RowReading, labels: np.ndarray) -> tuple[Gradients, ...]:
    """Return each recurrent layer's gradients of each image's loss with respect to the states.

    The loss is the cross-entropy of ``labels`` (N) with the logits after the last step. It is not averaged
    over the images, so the gradients do not depend on their number.
    """
    by_logits = softmax(reading.logits[:, -1])
    by_logits[np.arange(len(labels)), labels] -= 1
    upstream = np.zeros_like(reading.traces[-1].state)
    upstream[:, -1] = by_logits @ network.kernel.T
    found: list[Gradients] = []
    for layer, trace in zip(reversed(network.cells), reversed(reading.traces), strict=True):
        found.append(backward(layer, trace, upstream))
        upstream = found[-1].inputs
    return tuple(reversed(found))
