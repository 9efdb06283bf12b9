"""Turn layers that Keras saved into the steps that lead from the image to the last feature maps."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
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
    forward,
    window_box,
)


def steps(layers: Sequence[SavedLayer], shape: tuple[int, int, int]) -> tuple[Step, ...]:
    """Return a network's steps over an image of ``shape`` (H×W×C), until whole maps are flattened or pooled.

    Raises:
        BundleError: when the network has no convolution, or a layer of an unknown kind.
    """
    found: list[Step] = []
    height, width, _ = shape
    for layer in layers:
        if layer.kind in ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Dense"):
            break
        if layer.kind in ("InputLayer", "Dropout", "SpatialDropout2D"):
            continue
        if layer.kind in ("Conv2D", "MaxPooling2D", "AveragePooling2D"):
            found.append(_step(layer, (height, width)))
            height, width = found[-1].geometry.output(height, width)
        elif found and isinstance(found[-1], Convolution):
            found[-1] = _with_next_layer(found[-1], layer)
        else:
            raise _unknown(layer)
    if not any(isinstance(step, Convolution) for step in found):
        raise BundleError("inside.no_convolution")
    return tuple(found)


def run(path: Sequence[Step], image: np.ndarray) -> list[np.ndarray]:
    """Return the image (H×W×C, 0 to 1) and then the maps of every step."""
    maps = [image.astype(np.float32)]
    for step in path:
        maps.append(forward(step, maps[-1]))
    return maps


def receptive_field(path: Sequence[Step], row: int, column: int) -> Box:
    """Return the part of the image that can change a cell of the last maps; it may reach beyond the edge."""
    box = Box(row, column, row + 1, column + 1)
    for step in reversed(path):
        first = window_box(step.geometry, box.top, box.left)
        last = window_box(step.geometry, box.bottom - 1, box.right - 1)
        box = Box(first.top, first.left, last.bottom, last.right)
    return box


def as_input(glyph: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
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


def _step(layer: SavedLayer, extent: Pair) -> Step:
    settings = layer.settings
    if settings["data_format"] != "channels_last" or settings.get("groups", 1) != 1:
        raise _unknown(layer)
    size = settings["kernel_size"] if layer.kind == "Conv2D" else settings["pool_size"]
    geometry = _geometry(
        size, settings["strides"], settings.get("dilation_rate", (1, 1)), settings["padding"], extent
    )
    if layer.kind != "Conv2D":
        return Pooling(layer.name, geometry, layer.kind == "AveragePooling2D")
    activation = settings["activation"]
    if activation not in ACTIVATIONS:
        raise _unknown(layer)
    kernel, *bias = layer.weights
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
