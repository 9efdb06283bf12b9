"""Compute the steps after the last maps: flattening, dense layers and softmax.

Their numbers lie in maps of one cell, 1×1×N. A dense layer over N numbers is a convolution of 1×1 over one
such cell, and a pooling of whole maps is a pooling whose window is the map, so both are computed as those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.contract.evaluation import softmax
from core.inside.convolution import Convolution, Step, WindowGeometry, forward

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Dense(Convolution):
    """A dense layer with the normalisation and activation that follow it; its kernel is 1×1×inputs×units."""

    @classmethod
    def of(cls, name: str, kernel: np.ndarray, bias: np.ndarray | None, activation: str) -> Dense:
        """Return the layer with this kernel, inputs×units."""
        return cls(name, WindowGeometry((1, 1)), kernel[None, None], bias, None, activation)


@dataclass(frozen=True)
class Flattening:
    """Write all numbers of the maps one after the other: row by row, cell by cell, map by map."""

    name: str
    shape: Shape  # of the maps: height, width, count

    def place(self, number: int) -> Shape:
        """Return row, column and map of a number, all counted from 0."""
        row, column, k = np.unravel_index(number, self.shape)
        return int(row), int(column), int(k)


@dataclass(frozen=True)
class Softmax:
    """Turn logits into probabilities; the logits are divided by the temperature before."""

    name: str
    temperature: float = 1.0


LayerStep = Step | Flattening | Softmax


def apply(step: LayerStep, maps: np.ndarray) -> np.ndarray:
    """Return the maps that a step computes from input maps, H×W×C."""
    if isinstance(step, Flattening):
        return maps.reshape(1, 1, -1)
    if isinstance(step, Softmax):
        return softmax(maps[0] / step.temperature)[None]
    return forward(step, maps)
