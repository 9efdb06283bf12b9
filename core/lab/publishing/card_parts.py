"""List a model's layers, and the versions of the libraries that made it, as a card has them."""

from __future__ import annotations

import platform
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.bundles.bundle import CardLayer


def card_layers(model: keras.Model) -> tuple[CardLayer, ...]:
    """Return a model's layers as a card lists them, with those of a model inside it in its place."""
    found: list[CardLayer] = []
    for layer in model.layers:
        found += card_layers(layer) if isinstance(layer, keras.Model) else [_layer(layer)]
    return tuple(found)


def _layer(layer: Any) -> CardLayer:
    return CardLayer(
        name=layer.name,
        kind=type(layer).__name__,
        shape=tuple(layer.output.shape[1:]),
        parameters=layer.count_params(),
    )


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that trained a model."""
    # The modules are asked, not the packages: TensorFlow's may also be called tensorflow-cpu.
    libraries = {library.__name__: library.__version__ for library in (tf, keras, np)}
    return {"python": platform.python_version(), **libraries}
