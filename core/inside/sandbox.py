"""Define the kernel that a visitor edits: its presets, its window settings, and its text in a link."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.errors import LabError
from core.inside.convolution import Convolution, Pooling, WindowGeometry

SIZES = (3, 5)
LARGEST = 100.0  # largest absolute value of a number in a kernel
PRESETS: dict[str, tuple[tuple[float, ...], ...]] = {
    "unchanged": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "edges": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "vertical_edges": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),  # Sobel and Feldman 1968
    "horizontal_edges": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "blur": ((0.0625, 0.125, 0.0625), (0.125, 0.25, 0.125), (0.0625, 0.125, 0.0625)),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}


@dataclass(frozen=True)
class WindowSetting:
    """Settings of a square window; each holds for height and width."""

    size: int
    stride: int = 1
    padding: int = 0  # zeros on each side
    dilation: int = 1

    @property
    def geometry(self) -> WindowGeometry:
        """The window's geometry, the same for height and width."""
        return WindowGeometry(
            (self.size, self.size),
            (self.stride, self.stride),
            (self.dilation, self.dilation),
            (self.padding, self.padding),
            (self.padding, self.padding),
        )

    def output(self, side: int) -> int:
        """Return the side of the output, in cells, for an input of ``side`` cells.

        Raises:
            LabError: when the window does not fit; the error says what to change.
        """
        extent, room = self.geometry.extent[0], side + 2 * self.padding
        if extent > room:
            raise self._too_large(extent, room)
        return self.geometry.output(side, side)[0]

    def formula(self, side: int) -> str:
        """Return the formula of the output's size with its numbers.

        Source: Dumoulin, Visin 2016, A guide to convolution arithmetic, relationship 15.
        """
        reach = f"{self.dilation} × ({self.size} − 1) − 1"
        return f"⌊({side} + 2 × {self.padding} − {reach}) ÷ {self.stride}⌋ + 1 = {self.output(side)}"

    def _too_large(self, extent: int, room: int) -> LabError:
        padding = math.ceil((extent - room) / 2) + self.padding
        if self.dilation == 1:
            return LabError("inside.window_too_large", size=self.size, room=room, padding=padding)
        return LabError(
            "inside.dilated_window_too_large",
            size=self.size,
            dilation=self.dilation,
            extent=extent,
            room=room,
            padding=padding,
        )


def preset(name: str, size: int) -> np.ndarray:
    """Return a preset's kernel, size×size; the blur is computed, the others are padded with zeros."""
    if name == "blur":
        row = np.array([math.comb(size - 1, i) for i in range(size)]) / 2 ** (size - 1)
        return np.outer(row, row)
    return resized(np.array(PRESETS[name], float), size)


def resized(kernel: np.ndarray, size: int) -> np.ndarray:
    """Return a kernel of the new size: padded with zeros, or cut to its middle."""
    margin = (size - len(kernel)) // 2
    return np.pad(kernel, margin) if margin >= 0 else kernel[-margin:margin, -margin:margin]


def to_text(kernel: np.ndarray) -> str:
    """Return a kernel as text for a link: its numbers row by row."""
    return ",".join(f"{value:.6g}" for value in kernel.ravel())


def from_text(text: str) -> np.ndarray:
    """Return the kernel in a link.

    Raises:
        LabError: when the text is not 9 or 25 numbers, or one of them is too large.
    """
    try:
        values = np.array([float(part) for part in text[:1000].split(",")])
    except ValueError as error:
        raise LabError("inside.kernel_not_numbers") from error
    if len(values) not in [size**2 for size in SIZES]:
        raise LabError("inside.kernel_size", count=len(values))
    if not (np.abs(values) <= LARGEST).all():  # refuses NaN too
        raise LabError("inside.kernel_range", largest=LARGEST)
    side = math.isqrt(len(values))
    return values.reshape(side, side)


def convolution(kernel: np.ndarray, setting: WindowSetting) -> Convolution:
    """Return the step of a kernel (size×size) over one map."""
    return Convolution("your kernel", setting.geometry, kernel[..., None, None])


def pooling(setting: WindowSetting, *, average: bool) -> Pooling:
    """Return the step of a pooling over one map."""
    return Pooling("mean" if average else "maximum", setting.geometry, average)


def edited(kernel: np.ndarray, edits: Mapping[int, Mapping[str, object]]) -> tuple[np.ndarray, bool]:
    """Return a kernel with the edits made in a table, and True if all of them are numbers.

    ``edits`` maps rows (from 0) to columns (from "1") to new values. A value that is not a number counts
    as 0; numbers are clipped to ``LARGEST``.
    """
    kernel, all_numbers = kernel.copy(), True
    for row, cells in edits.items():
        for column, value in cells.items():
            number = value if isinstance(value, int | float) and math.isfinite(value) else None
            all_numbers = all_numbers and number is not None
            kernel[int(row), int(column) - 1] = np.clip(number or 0.0, -LARGEST, LARGEST)
    return kernel, all_numbers
