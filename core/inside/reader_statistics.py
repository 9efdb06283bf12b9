"""Compute the figures that compare recurrent networks which read rows."""

from __future__ import annotations

import numpy as np

from core.inside.row_reader import RowReader, gradients, read


def parameters(reader: RowReader) -> int:
    """Return the number of parameters of a network, as Keras counts them: only a GRU has two biases."""
    parts = [reader.kernel, reader.bias]
    for cell in reader.cells:
        parts += [cell.kernel, cell.recurrent, cell.bias]
        parts += [cell.recurrent_bias] if cell.kind == "GRU" else []
    return sum(part.size for part in parts)


def gradient_norms(reader: RowReader, rows: np.ndarray, label: int) -> np.ndarray:
    """Return the norm of the loss's gradient with respect to the last layer's state after each row (T).

    ``rows`` holds one image, 1×T×D. Double precision is used, because gradients may be tiny.
    """
    reading = read(reader, rows.astype(np.float64))
    return gradients(reader, reading, np.array([label]))[-1].norms()[0]


def first_to_last_ratio(norms: np.ndarray) -> float | None:
    """Return the gradient norm at the first row divided by that at the last; None if the last is zero."""
    return float(norms[0] / norms[-1]) if norms[-1] > 0 else None
