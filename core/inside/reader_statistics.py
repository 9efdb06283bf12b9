"""Compute the numbers by which recurrent networks that read rows are compared."""

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


def gradient_lengths(reader: RowReader, rows: np.ndarray, label: int) -> np.ndarray:
    """Return the length of the loss's gradient by the last layer's state after each row (T).

    ``rows`` are one image's, 1×T×D. Computed in double precision, because gradients may be tiny.
    """
    reading = read(reader, rows.astype(np.float64))
    return gradients(reader, reading, np.array([label]))[-1].norms()[0]


def first_to_last(lengths: np.ndarray) -> float | None:
    """Return the gradient's length at the first row relative to the last; None where the last is zero."""
    return float(lengths[0] / lengths[-1]) if lengths[-1] > 0 else None
