"""A network's road from the image to its last maps: Keras's layers as steps that can be followed."""

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
    """A network's road over an image of ``shape`` (H×W×C), up to where its maps are flattened or averaged.

    Raises:
        BundleError: when the network has no convolution, or a layer of a kind that is not known here.
    """
    road: list[Step] = []
    height, width, _ = shape
    for layer in layers:
        if layer.kind in ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Dense"):
            break
        if layer.kind in ("InputLayer", "Dropout", "SpatialDropout2D"):
            continue
        if layer.kind in ("Conv2D", "MaxPooling2D", "AveragePooling2D"):
            road.append(_step(layer, (height, width)))
            height, width = road[-1].geometry.output(height, width)
        elif road and isinstance(road[-1], Convolution):
            road[-1] = _continued(road[-1], layer)
        else:
            raise _unknown(layer)
    if not any(isinstance(step, Convolution) for step in road):
        raise BundleError("inside.no_convolution")
    return tuple(road)


def run(road: Sequence[Step], image: np.ndarray) -> list[np.ndarray]:
    """The image (H×W×C, 0 to 1) and after it every step's maps: one more than there are steps."""
    maps = [image.astype(np.float32)]
    for step in road:
        maps.append(forward(step, maps[-1]))
    return maps


def receptive_field(road: Sequence[Step], row: int, column: int) -> Box:
    """The part of the image that can change a cell of the last step's maps; may geometry beyond the edge."""
    box = Box(row, column, row + 1, column + 1)
    for step in reversed(road):
        first = window_box(step.geometry, box.top, box.left)
        last = window_box(step.geometry, box.bottom - 1, box.right - 1)
        box = Box(first.top, first.left, last.bottom, last.right)
    return box


def as_input(glyph: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """A glyph (28×28 uint8) as an image of a network's shape, H×W×C from 0 to 1: its middle, in grey.

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
    """A window as Keras sets it; "same" has so many zeros that only the stride makes the output smaller."""
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


def _continued(step: Convolution, layer: SavedLayer) -> Convolution:
    """The convolution with the layer that follows it; the last of them gives the name."""
    fresh = step.activation == "linear"
    plain = not any(layer.settings.get(key) for key in ("max_value", "negative_slope", "threshold"))
    if layer.kind == "BatchNormalization" and fresh and step.norm is None and len(layer.weights) == 4:
        gamma, beta, mean, variance = layer.weights
        norm = Norm(gamma, beta, mean, variance, layer.settings["epsilon"])
        return dataclasses.replace(step, name=layer.name, norm=norm)
    if layer.kind == "ReLU" and fresh and plain:
        return dataclasses.replace(step, name=layer.name, activation="relu")
    if layer.kind == "Activation" and fresh and layer.settings["activation"] in ACTIVATIONS:
        return dataclasses.replace(step, name=layer.name, activation=layer.settings["activation"])
    raise _unknown(layer)


def _unknown(layer: SavedLayer) -> BundleError:
    return BundleError("inside.unknown_layer", name=layer.name, kind=layer.kind)
