"""Find which units of a hidden state are active, and when."""

from __future__ import annotations

import numpy as np


def lasting_units(state: np.ndarray, first: int, last: int, threshold: float) -> list[int]:
    """Return the units (columns of state, T×units) above a threshold at every step from first to last.

    Both ends are included. The units are sorted by their mean, highest first.
    """
    span = state[first : last + 1]
    units = np.flatnonzero((span > threshold).all(axis=0))
    return units[np.argsort(-span[:, units].mean(axis=0), kind="stable")].tolist()


def active_spans(values: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """Return the spans of steps in which values (T) are above a threshold, as first and last step."""
    above = np.concatenate([[False], values > threshold, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
