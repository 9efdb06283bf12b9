"""Describe what a network reads: how a visitor's picture becomes its images, and these its numbers.

The record travels with the model, in its card, and ``core.inference`` obeys it. So models that read glyphs,
whole photographs, grey or colour can be used side by side, and no code depends on their classes.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.contract.glyph_layouts import LAYOUTS, MNIST_LAYOUT
from core.errors import ConfigError
from core.language import join

VERSION = 1
GLYPH, WHOLE = "glyph", "whole"
KINDS = (GLYPH, WHOLE)
INTERPOLATIONS = ("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos")
LIGHT_ON_DARK, DARK_ON_LIGHT, AS_IS = "light_on_dark", "dark_on_light", "as_is"
POLARITIES = (LIGHT_ON_DARK, DARK_ON_LIGHT, AS_IS)
MOST_PIXELS = 1024  # of a side
LEVELS = 255.0


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """How a picture becomes images (height×width×channels, uint8) and an image a network's input.

    The input is (level − mean) / scale, both in levels from 0 to 255, one number per channel.

    Raises:
        ConfigError: when a value is not possible.
    """

    kind: str  # "glyph": find the ink, cut out each glyph; "whole": the picture itself
    height: int
    width: int
    channels: int  # 1: grey, 3: RGB
    crop: float = 1.0  # share of the picture's middle that is kept, before it is resized
    interpolation: str = "box"  # how it is resized, by Pillow's names
    polarity: str = LIGHT_ON_DARK  # what is drawn against its paper; "as_is": never inverted
    mean: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (LEVELS,)
    layout: str = MNIST_LAYOUT  # of a glyph
    version: int = VERSION

    def __post_init__(self) -> None:
        _check_choice("version", self.version, (VERSION,))
        _check_choice("kind", self.kind, KINDS)
        _check_choice("interpolation", self.interpolation, INTERPOLATIONS)
        _check_choice("polarity", self.polarity, POLARITIES if self.kind == WHOLE else POLARITIES[:2])
        _check_choice("layout", self.layout, LAYOUTS)
        _check_choice("channels", self.channels, (1, 3))
        for name in ("height", "width"):
            _check_number(name, getattr(self, name), 1, MOST_PIXELS, int)
        _check_number("crop", self.crop, 0.05, 1.0)
        for name, low in (("mean", -1e4), ("scale", 1e-4)):
            numbers = getattr(self, name)
            if not isinstance(numbers, tuple) or len(numbers) != self.channels:
                raise ConfigError("contract.preprocessing_channels", name=name, channels=self.channels)
            for number in numbers:
                _check_number(name, number, low, 1e4)

    @property
    def shape(self) -> tuple[int, int, int]:
        """An image's height, width and channels."""
        return self.height, self.width, self.channels

    def to_input(self, images: np.ndarray) -> np.ndarray:
        """Return a network's input (float32) for images, N×H×W×C uint8."""
        values = images.astype(np.float32)
        if any(self.mean):
            values -= _by_channel(self.mean)
        values /= _by_channel(self.scale)
        return values

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> Preprocessing:
        """Return the record that ``to_json`` gave, after it went through JSON.

        Raises:
            ConfigError: when a value is missing, unknown or not possible.
        """
        try:
            return cls(**{**values, "mean": tuple(values["mean"]), "scale": tuple(values["scale"])})
        except (TypeError, KeyError) as error:
            raise ConfigError("contract.preprocessing_fields", error=error) from error


def standard(kind: str, shape: tuple[int, int, int], layout: str = MNIST_LAYOUT) -> Preprocessing:
    """Return the record of this app's own networks: levels divided by 255, grey images light on dark.

    A glyph follows MNIST's convention, or EMNIST's if the layout says so; a whole grey picture follows
    Fashion-MNIST's, in which a light margin is paper and turned dark; a colour picture keeps its colours.

    Raises:
        ConfigError: when the kind or the shape (height, width, channels) is not possible.
    """
    height, width, channels = shape
    return Preprocessing(
        kind=kind,
        height=height,
        width=width,
        channels=channels,
        polarity=AS_IS if kind == WHOLE and channels == 3 else LIGHT_ON_DARK,
        mean=(0.0,) * channels,
        scale=(LEVELS,) * channels,
        layout=layout,
    )


def _by_channel(numbers: tuple[float, ...]) -> np.ndarray | float:
    """Return one number where all are equal, which NumPy applies faster than an array."""
    return numbers[0] if len(set(numbers)) == 1 else np.asarray(numbers, np.float32)


def _check_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if type(value) is not type(choices[0]) or value not in choices:
        raise ConfigError(
            "contract.preprocessing_choice",
            name=name,
            choices=join(map(str, choices)),
            value=repr(value),
        )


def _check_number(name: str, value: object, low: float, high: float, kind: type = float) -> None:
    number = isinstance(value, int | kind) and not isinstance(value, bool)
    if not (number and low <= value <= high):  # type: ignore[operator]
        raise ConfigError("contract.preprocessing_number", name=name, low=low, high=high, value=repr(value))
