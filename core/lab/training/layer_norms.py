"""Measure the norms of a network's weights and gradients, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf


class LayerNorms:
    """Euclidean norms of each layer's trainable weights and gradients; ``prefix`` goes before its name."""

    def __init__(self, variables: Sequence[Any], prefix: str = "") -> None:
        self._variables = variables
        self._layers: dict[str, list[int]] = {}
        for i, variable in enumerate(variables):
            self._layers.setdefault(prefix + variable.path.split("/")[0], []).append(i)

    @property
    def names(self) -> list[str]:
        """Names of the layers with trainable weights, in the network's order."""
        return list(self._layers)

    def zeros(self) -> tf.Tensor:
        """Return norms of 0, in the shape that ``measure`` returns."""
        return tf.zeros([2, len(self._layers)])

    def measure(self, gradients: Sequence[tf.Tensor]) -> tf.Tensor:
        """Return the norms, 2×layers: of the weights, and of these gradients (one per variable)."""
        return tf.stack([self._norms(self._variables), self._norms(gradients)])

    def named(self, norms: Any) -> dict[str, Any]:
        """Return measured norms by layer, as the events carry them."""
        weights, gradients = (dict(zip(self.names, row.tolist(), strict=True)) for row in norms.numpy())
        return {"weight_norms": weights, "gradient_norms": gradients}

    def _norms(self, tensors: Sequence[Any]) -> tf.Tensor:
        halves = [tf.nn.l2_loss(tf.convert_to_tensor(tensor)) for tensor in tensors]  # of the sums of squares
        layers = [tf.add_n([halves[i] for i in members]) for members in self._layers.values()]
        return tf.sqrt(2 * tf.stack(layers))
