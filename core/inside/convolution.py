"""Compute convolution and pooling cell by cell, with every intermediate number.

An image or a stack of maps is H×W×C float32. A step computes maps from maps: a ``Convolution``, with the
normalisation and the activation that follow it, or a ``Pooling``.
Padding is given as zeros on each side, which covers "same", "valid" and any padding that a visitor sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

Pair = tuple[int, int]


@dataclass(frozen=True)
class WindowGeometry:
    """Geometry of a window that moves over its input: sizes in cells, each for height and width."""

    size: Pair
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    before: Pair = (0, 0)  # zeros above and to the left
    after: Pair = (0, 0)  # zeros below and to the right

    @property
    def extent(self) -> Pair:
        """Cells from the first to the last of a window; more than ``size`` if it is dilated."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))  # type: ignore

    def output(self, height: int, width: int) -> Pair:
        """Return the height and width of the output; 0 where the window does not fit."""
        rows, columns = (
            max(0, (n + before + after - extent) // stride + 1) if n + before + after >= extent else 0
            for n, before, after, extent, stride in zip(
                (height, width), self.before, self.after, self.extent, self.stride, strict=True
            )
        )
        return rows, columns


@dataclass(frozen=True)
class Norm:
    """Batch normalisation as used after training, with its moving averages."""

    gamma: np.ndarray  # this and the next three: one number per map
    beta: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    epsilon: float

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Return values of all maps (the last axis), normalised."""
        return (values - self.mean) / np.sqrt(self.variance + self.epsilon) * self.gamma + self.beta


@dataclass(frozen=True)
class Convolution:
    """A convolution with the normalisation and activation that follow it."""

    name: str
    geometry: WindowGeometry
    kernel: np.ndarray  # height × width × input maps × output maps
    bias: np.ndarray | None = None  # one number per map
    norm: Norm | None = None
    activation: str = "linear"


@dataclass(frozen=True)
class Pooling:
    """A pooling: the maximum or the mean of each window, map by map."""

    name: str
    geometry: WindowGeometry
    average: bool = False


Step = Convolution | Pooling


@dataclass(frozen=True)
class Box:
    """A rectangle of cells; ``bottom`` and ``right`` are exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def within(self, height: int, width: int) -> Box:
        """Return the part that lies on a map of this size."""
        return Box(max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right))


@dataclass(frozen=True)
class Window:
    """Part of the input that a window covers."""

    values: np.ndarray  # height × width × input maps; zeros where it reaches beyond the edge
    inside: np.ndarray  # height × width: whether a cell lies on the input


@dataclass(frozen=True)
class CellSum:
    """Decomposition of one output cell of a convolution; each number follows from those above it."""

    window: Window
    kernel: np.ndarray  # height × width × input maps
    channels: np.ndarray  # the sum of the products of each input map
    total: float  # the sum of ``channels``
    bias: float | None
    biased: float
    norm: Norm | None  # of this map: its arrays hold one number
    normalised: float
    activation: str
    value: float

    @property
    def products(self) -> np.ndarray:
        """Products of values and weights, height × width × input maps."""
        return self.window.values * self.kernel


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def forward(step: Step, maps: np.ndarray) -> np.ndarray:
    """Return the maps that a step computes from input maps, H×W×C."""
    if isinstance(step, Pooling):
        windows = _windows(maps, step.geometry, 0.0 if step.average else -np.inf)
        if not step.average:
            return windows.max(axis=(2, 3))
        # Keras averages over the cells of the input only, without the padding.
        counts = _windows(np.ones((*maps.shape[:2], 1), np.float32), step.geometry, 0.0)
        return windows.sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    windows = _windows(maps, step.geometry, 0.0)
    sums = np.tensordot(windows, step.kernel, axes=3)
    if step.bias is not None:
        sums = sums + step.bias
    if step.norm is not None:
        sums = step.norm(sums)
    return ACTIVATIONS[step.activation](sums).astype(np.float32)


def window_box(geometry: WindowGeometry, row: int, column: int) -> Box:
    """Return the box that an output cell's window covers on its input; it may reach beyond the edge."""
    top, left = (
        i * s - before for i, s, before in zip((row, column), geometry.stride, geometry.before, strict=True)
    )
    height, width = geometry.extent
    return Box(top, left, top + height, left + width)


def window_at(geometry: WindowGeometry, maps: np.ndarray, row: int, column: int) -> Window:
    """Return the values of the input maps (H×W×C) in an output cell's window."""
    box = window_box(geometry, row, column)
    rows = np.arange(box.top, box.bottom, geometry.dilation[0])
    columns = np.arange(box.left, box.right, geometry.dilation[1])
    height, width = maps.shape[:2]
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None]
    values = maps[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    return Window(np.where(inside[..., None], values, 0.0), inside)


def decompose(step: Convolution, maps: np.ndarray, row: int, column: int, k: int) -> CellSum:
    """Return the sum behind cell (row, column) of a convolution's map ``k``, from its input maps (H×W×C)."""
    window = window_at(step.geometry, maps, row, column)
    kernel = step.kernel[..., k].astype(np.float64)
    channels = (window.values * kernel).sum(axis=(0, 1))
    total = float(channels.sum())
    bias = None if step.bias is None else float(step.bias[k])
    biased = total + (bias or 0.0)
    norm = None if step.norm is None else _norm_of_map(step.norm, k)
    normalised = biased if norm is None else float(norm(np.float64(biased)))
    value = float(ACTIVATIONS[step.activation](normalised))
    return CellSum(window, kernel, channels, total, bias, biased, norm, normalised, step.activation, value)


def parameters(step: Step) -> int:
    """Return the number of parameters of a step, as Keras counts them."""
    if isinstance(step, Pooling):
        return 0
    maps = step.kernel.shape[3]
    return step.kernel.size + (0 if step.bias is None else maps) + (0 if step.norm is None else 4 * maps)


def multiplications(step: Step, height: int, width: int) -> int:
    """Return the number of products of a convolution over an input of this size, padding included."""
    if isinstance(step, Pooling):
        return 0
    return math.prod(step.geometry.output(height, width)) * step.kernel.size


def _windows(maps: np.ndarray, geometry: WindowGeometry, padding: float) -> np.ndarray:
    """Return all windows over the maps: rows × columns × height × width × C."""
    (top, left), (bottom, right) = geometry.before, geometry.after
    padded = np.pad(maps, ((top, bottom), (left, right), (0, 0)), constant_values=padding)
    views = np.lib.stride_tricks.sliding_window_view(padded, geometry.extent, axis=(0, 1))
    row_stride, column_stride = geometry.stride
    row_dilation, column_dilation = geometry.dilation
    return np.moveaxis(views[::row_stride, ::column_stride, :, ::row_dilation, ::column_dilation], 2, 4)


def _norm_of_map(norm: Norm, k: int) -> Norm:
    gamma, beta, mean, variance = (
        part[k].astype(np.float64) for part in (norm.gamma, norm.beta, norm.mean, norm.variance)
    )
    return Norm(gamma, beta, mean, variance, norm.epsilon)
