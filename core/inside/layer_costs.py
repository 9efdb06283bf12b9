"""How many parameters a network has, and how many multiplications one image costs it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.bundles.bundle import Card
from core.bundles.saved_weights import SavedLayer


@dataclass(frozen=True)
class LayerCost:
    """One layer's share."""

    name: str
    kind: str
    shape: tuple[int, ...]  # of its output
    parameters: int
    multiplications: int


def layer_costs(card: Card, layers: Sequence[SavedLayer]) -> tuple[LayerCost, ...]:
    """The layers of a network as its card lists them, each with the multiplications that one image costs.

    Counted are the products of kernels with their inputs, padding's zeros included, as is usual; the
    normalisation is left out, because it can be folded into the kernels.
    """
    kernels = {layer.name: layer.weights[0] for layer in layers if layer.kind in ("Conv2D", "Dense")}
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
