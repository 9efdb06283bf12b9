"""Turn layers that Keras saved into the steps that lead from the image to the probabilities."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.bundles.saved_weights import SavedLayer
from core.errors import BundleError, LabError
from core.inside.convolution import (
    ACTIVATIONS,
    Box,
    Convolution,
    Norm,
    Pair,
    Pooling,
    Step,
    WindowGeometry,
    window_box,
)
from core.inside.vector_steps import Dense, Flattening, LayerStep, Shape, Softmax, apply

WITHOUT_EFFECT = ("InputLayer", "Dropout", "SpatialDropout2D")  # once a network is trained


@dataclass(frozen=True)
class LayerChain:
    """The steps of a network from the image on, as far as they can be shown."""

    steps: tuple[LayerStep, ...]
    left_out: SavedLayer | None = None  # the first layer that is not shown
    branches: bool = False  # True: it does not simply read the layer before it; False: its kind is unknown


def chain(
    layers: Sequence[SavedLayer], shape: Shape, *, chained: int | None = None, temperature: float = 1.0
) -> LayerChain:
    """Return a network's steps over an image of ``shape`` (H×W×C).

    Args:
        layers: the network's layers in the order in which they run.
        shape: of an image.
        chained: how many of the first layers each read the one before; by default all.
        temperature: by which logits are divided before the softmax.

    Raises:
        BundleError: when no convolution or dense layer can be shown.
    """
    found: list[LayerStep] = []
    for layer in layers[:chained]:
        try:
            found, shape = _with_layer(found, layer, shape)
        except BundleError:
            return _chain(found, layer)
    if chained is not None and chained < len(layers):
        return _chain(found, layers[chained], branches=True)
    if found and isinstance(found[-1], Dense) and found[-1].activation == "linear" and shape[2] > 1:
        found.append(_renamed(Softmax("softmax", temperature), found))
    return _chain(found, None)


def _chain(found: list[LayerStep], left_out: SavedLayer | None, *, branches: bool = False) -> LayerChain:
    if not any(isinstance(step, Convolution) for step in found):
        raise BundleError("inside.no_convolution") if left_out is None or branches else _unknown(left_out)
    return LayerChain(tuple(found), left_out, branches)


def _with_layer(found: list[LayerStep], layer: SavedLayer, shape: Shape) -> tuple[list[LayerStep], Shape]:
    """Return the steps with those of the next layer, and the shape of its output."""
    last = found[-1] if found else None
    if layer.kind in WITHOUT_EFFECT:
        return found, shape
    if not isinstance(last, Softmax) and layer.kind in _BUILDERS:
        made, shape = _BUILDERS[layer.kind](layer, shape)
        return [*found, *(_renamed(step, found) for step in made)], shape
    if isinstance(last, Dense) and last.activation == "linear" and _is_softmax(layer):
        return [*found, _renamed(Softmax(layer.name), found)], shape
    if isinstance(last, Convolution):
        return [*found[:-1], _with_next_layer(last, layer)], shape
    raise _unknown(layer)


def _flattening(layer: SavedLayer, shape: Shape) -> tuple[list[LayerStep], Shape]:
    return [Flattening(layer.name, shape)], (1, 1, math.prod(shape))


def _whole_pooling(layer: SavedLayer, shape: Shape) -> tuple[list[LayerStep], Shape]:
    pooling = Pooling(layer.name, WindowGeometry(shape[:2]), layer.kind == "GlobalAveragePooling2D")
    return [pooling], (1, 1, shape[2])


def _windowed(layer: SavedLayer, shape: Shape) -> tuple[list[LayerStep], Shape]:
    step = _step(layer, shape)
    count = step.kernel.shape[3] if isinstance(step, Convolution) else shape[2]
    return [step], (*step.geometry.output(*shape[:2]), count)


def _dense(layer: SavedLayer, shape: Shape) -> tuple[list[LayerStep], Shape]:
    """Return a dense layer; a softmax in it is a step of its own."""
    activation = layer.settings["activation"]
    kernel, *bias = layer.weights or (np.empty((0, 0)),)
    if shape[:2] != (1, 1) or kernel.shape[0] != shape[2] or activation not in (*ACTIVATIONS, "softmax"):
        raise _unknown(layer)
    last = activation == "softmax"
    made = Dense.of(layer.name, kernel, bias[0] if bias else None, "linear" if last else activation)
    return [made, *([Softmax("softmax")] if last else [])], (1, 1, kernel.shape[1])


def _is_softmax(layer: SavedLayer) -> bool:
    return layer.kind == "Softmax" or (layer.kind, layer.settings.get("activation")) == (
        "Activation",
        "softmax",
    )


def _renamed(step: LayerStep, found: Sequence[LayerStep]) -> LayerStep:
    """Return the step under a name that none of the others has."""
    taken = {other.name for other in found}
    return dataclasses.replace(step, name=f"{step.name}_{len(taken)}") if step.name in taken else step


_BUILDERS: dict[str, Callable[[SavedLayer, Shape], tuple[list[LayerStep], Shape]]] = {
    "Flatten": _flattening,
    "GlobalAveragePooling2D": _whole_pooling,
    "GlobalMaxPooling2D": _whole_pooling,
    "Dense": _dense,
    "Conv2D": _windowed,
    "MaxPooling2D": _windowed,
    "AveragePooling2D": _windowed,
}


def run(path: Sequence[LayerStep], image: np.ndarray) -> list[np.ndarray]:
    """Return the image (H×W×C, 0 to 1) and then the maps of every step."""
    maps = [image.astype(np.float32)]
    for step in path:
        maps.append(apply(step, maps[-1]))
    return maps


def receptive_field(path: Sequence[LayerStep], row: int, column: int) -> Box:
    """Return the part of the image that can change a cell of the last maps; it may reach beyond the edge."""
    box = Box(row, column, row + 1, column + 1)
    for step in reversed(path):
        if isinstance(step, Flattening):
            box = Box(0, 0, *step.shape[:2])
        if not isinstance(step, Convolution | Pooling):
            continue
        first = window_box(step.geometry, box.top, box.left)
        last = window_box(step.geometry, box.bottom - 1, box.right - 1)
        box = Box(first.top, first.left, last.bottom, last.right)
    return box


def as_input(glyph: np.ndarray, shape: Shape) -> np.ndarray:
    """Return a glyph (28×28 uint8) in the middle of an image of a network's shape, H×W×C from 0 to 1.

    Raises:
        LabError: when the network's images are smaller than the glyph.
    """
    height, width, _ = shape
    top, left = (height - glyph.shape[0]) // 2, (width - glyph.shape[1]) // 2
    if top < 0 or left < 0:
        raise LabError("inside.small_images", height=height, width=width)
    image = np.zeros(shape, np.float32)
    image[top : top + glyph.shape[0], left : left + glyph.shape[1]] = glyph[..., None] / np.float32(255)
    return image


def _step(layer: SavedLayer, shape: Shape) -> Step:
    settings = layer.settings
    if settings["data_format"] != "channels_last" or settings.get("groups", 1) != 1:
        raise _unknown(layer)
    size = settings["kernel_size"] if layer.kind == "Conv2D" else settings["pool_size"]
    geometry = _geometry(
        size, settings["strides"], settings.get("dilation_rate", (1, 1)), settings["padding"], shape[:2]
    )
    if layer.kind != "Conv2D":
        return Pooling(layer.name, geometry, layer.kind == "AveragePooling2D")
    activation = settings["activation"]
    if activation not in ACTIVATIONS:
        raise _unknown(layer)
    kernel, *bias = layer.weights or (np.empty((0, 0, 0, 0)),)
    if kernel.shape[:3] != (*geometry.size, shape[2]):
        raise _unknown(layer)
    return Convolution(layer.name, geometry, kernel, bias[0] if bias else None, None, activation)


def _geometry(size: Any, stride: Any, dilation: Any, padding: str, extent: Pair) -> WindowGeometry:
    """Return the window that Keras uses; "same" adds zeros so that only the stride shrinks the output."""
    geometry = WindowGeometry(tuple(size), tuple(stride), tuple(dilation))
    if padding != "same":
        return geometry
    missing = [
        max(0, (math.ceil(n / s) - 1) * s + e - n)
        for n, s, e in zip(extent, geometry.stride, geometry.extent, strict=True)
    ]
    before = (missing[0] // 2, missing[1] // 2)
    after = (missing[0] - before[0], missing[1] - before[1])
    return dataclasses.replace(geometry, before=before, after=after)


def _with_next_layer(step: Convolution, layer: SavedLayer) -> Convolution:
    """Return the convolution combined with the layer that follows it, under that layer's name."""
    linear = step.activation == "linear"
    standard = not any(layer.settings.get(key) for key in ("max_value", "negative_slope", "threshold"))
    if layer.kind == "BatchNormalization" and linear and step.norm is None and len(layer.weights) == 4:
        gamma, beta, mean, variance = layer.weights
        norm = Norm(gamma, beta, mean, variance, layer.settings["epsilon"])
        return dataclasses.replace(step, name=layer.name, norm=norm)
    if layer.kind == "ReLU" and linear and standard:
        return dataclasses.replace(step, name=layer.name, activation="relu")
    if layer.kind == "Activation" and linear and layer.settings["activation"] in ACTIVATIONS:
        return dataclasses.replace(step, name=layer.name, activation=layer.settings["activation"])
    raise _unknown(layer)


def _unknown(layer: SavedLayer) -> BundleError:
    return BundleError("inside.unknown_layer", name=layer.name, kind=layer.kind)
