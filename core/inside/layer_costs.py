"""Count the parameters of a network and the multiplications for one image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.bundles.bundle import Card
from core.bundles.saved_weights import SavedLayer
from core.inside.convolution import Convolution, Pooling, multiplications, parameters
from core.inside.vector_steps import LayerStep

KERNELS = ("Conv2D", "DepthwiseConv2D", "Dense")


@dataclass(frozen=True)
class LayerCost:
    """Parameters and multiplications of one layer."""

    name: str
    kind: str
    shape: tuple[int, ...]  # of its output
    parameters: int
    multiplications: int


def layer_costs(card: Card, layers: Sequence[SavedLayer]) -> tuple[LayerCost, ...]:
    """Return the layers as the card lists them, each with its multiplications for one image.

    As is usual, products of kernels and inputs count, including those with the zeros of the padding;
    normalisation does not, because it can be folded into the kernels.
    """
    kernels = {layer.name: layer.weights[0] for layer in layers if layer.kind in KERNELS}
    return tuple(
        LayerCost(
            layer.name,
            layer.kind,
            layer.shape,
            layer.parameters,
            kernels[layer.name].size * math.prod(layer.shape[:-1]) if layer.name in kernels else 0,
        )
        for layer in card.layers
    )


def step_costs(steps: Sequence[LayerStep], maps: Sequence[np.ndarray]) -> tuple[LayerCost, ...]:
    """Return the costs of the steps of a network without a card; ``maps`` are the image and those of each."""
    return tuple(
        LayerCost(
            step.name,
            type(step).__name__,
            made.shape,
            parameters(step) if isinstance(step, Convolution | Pooling) else 0,
            multiplications(step, *before.shape[:2]) if isinstance(step, Convolution | Pooling) else 0,
        )
        for step, before, made in zip(steps, maps, maps[1:], strict=False)
    )


def total_cost(costs: Sequence[LayerCost]) -> LayerCost:
    """Return the cost of all layers together, without name, kind and shape."""
    return LayerCost(
        "", "", (), sum(cost.parameters for cost in costs), sum(cost.multiplications for cost in costs)
    )
