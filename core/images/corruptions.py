"""Corrupt a glyph by strengths that a visitor sets.

Images are float32 in [0, 1], light ink on black, H×W or a stack N×H×W. Every function returns an array of the
same shape and type; at strength zero it equals the image. Noise, blur, contrast and brightness are those of
Hendrycks, Dietterich 2019, section 4, on a continuous scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from core.images.normalise import SIDE
from core.language import N_


@dataclass(frozen=True, kw_only=True)
class Strengths:
    """The strength of each corruption; zero leaves an image as it is."""

    rotation: float = 0.0  # degrees, clockwise
    right: float = 0.0  # pixels
    down: float = 0.0  # pixels
    scale: float = 0.0  # change of size in per cent: 50 multiplies it by 1.5, -50 by 0.5
    blur: float = 0.0  # standard deviation in pixels
    contrast: float = 0.0  # lost, in per cent
    brightness: float = 0.0  # added to every pixel, in per cent of white
    noise: float = 0.0  # standard deviation in per cent of white
    occlusion: float = 0.0  # side of a black square in pixels


@dataclass(frozen=True)
class Corruption:
    """One of the strengths as a slider and a chart's axis show it."""

    name: str  # its id: the field of Strengths
    title: str  # shown by gettext
    unit: str  # a symbol, the same in all languages
    low: float
    high: float
    step: float

    def sweep(self, points: int = 41) -> np.ndarray:
        """Return strengths from the least to the greatest in even steps, zero included."""
        below = round((points - 1) * -self.low / (self.high - self.low))
        down = np.linspace(self.low, 0.0, below + 1)
        return np.concatenate([down[:-1], np.linspace(0.0, self.high, points - below)])


CORRUPTIONS = (
    Corruption("rotation", N_("Rotation"), "°", -90, 90, 1),
    Corruption("scale", N_("Size"), "%", -60, 60, 1),
    Corruption("right", N_("Shift right"), "px", -12, 12, 0.5),
    Corruption("down", N_("Shift down"), "px", -12, 12, 0.5),
    Corruption("blur", N_("Blur"), "px", 0, 4, 0.1),
    Corruption("noise", N_("Noise"), "%", 0, 80, 1),
    Corruption("contrast", N_("Contrast lost"), "%", 0, 100, 1),
    Corruption("brightness", N_("Brightness"), "%", -90, 90, 1),
    Corruption("occlusion", N_("Covered square"), "px", 0, 24, 1),
)


def corruptions_for(side: int) -> tuple[Corruption, ...]:
    """Return the corruptions for images of this side: lengths in pixels grow with it, in whole pixels."""
    if side <= SIDE:
        return CORRUPTIONS
    factor = side // SIDE
    return tuple(
        replace(c, low=c.low * factor, high=c.high * factor, step=max(1.0, c.step * factor))
        if c.unit == "px"
        else c
        for c in CORRUPTIONS
    )


def corrupted(pixels: np.ndarray, strengths: Strengths, seed: int | None = None) -> np.ndarray:
    """Return a glyph (H×W or H×W×C uint8) under all corruptions at once, as uint8 of the same shape."""
    planes = pixels if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    result = np.round(255 * corrupt(planes.astype(np.float32) / 255, strengths, seed)).astype(np.uint8)
    return result if pixels.ndim == 2 else np.moveaxis(result, 0, -1)


def corrupt(images: np.ndarray, strengths: Strengths, seed: int | None = None) -> np.ndarray:
    """Apply all corruptions: move first, then blur, cover, reduce contrast, change brightness, add noise.

    The seed decides where the covering square lies (None: at the centre) and which noise is drawn.
    """
    moved = move(images, strengths.rotation, strengths.right, strengths.down, strengths.scale)
    covered = occlude(blur(moved, strengths.blur), strengths.occlusion, seed)
    lit = brighten(reduce_contrast(covered, strengths.contrast), strengths.brightness)
    return add_noise(lit, strengths.noise, seed)


def move(
    images: np.ndarray, degrees: float = 0.0, right: float = 0.0, down: float = 0.0, percent: float = 0.0
) -> np.ndarray:
    """Rotate clockwise about the centre, scale by 1 + percent / 100 and shift by pixels, in one resampling.

    Outside the image is black.
    """
    if not (degrees or right or down or percent):
        return images.copy()
    height, width = images.shape[-2:]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1 + percent / 100)
    matrix[:, 2] += np.array([right, down])
    return _apply(
        images, lambda image: cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR)
    )


def blur(images: np.ndarray, sigma: float) -> np.ndarray:
    """Blur by a Gaussian; ``sigma`` is in pixels. Outside the image is black."""
    if not sigma:
        return images.copy()
    black = cv2.BORDER_CONSTANT
    return _apply(images, lambda image: cv2.GaussianBlur(image, (0, 0), sigma, borderType=black))


def occlude(images: np.ndarray, side: float, seed: int | None = None) -> np.ndarray:
    """Cover images by a black square (side in pixels) at the centre or, with a seed, at a random place.

    The place is the same in all images.
    """
    result = images.copy()
    height, width = images.shape[-2:]
    side = min(round(side), height, width)
    if seed is None:
        top, left = (height - side) // 2, (width - side) // 2
    else:
        at = np.random.default_rng(seed).random(2)  # shares of the free room: a growing square stays there
        top, left = round(at[0] * (height - side)), round(at[1] * (width - side))
    result[..., top : top + side, left : left + side] = 0.0
    return result


def reduce_contrast(images: np.ndarray, percent: float) -> np.ndarray:
    """Move each pixel by so many per cent towards the mean of its image."""
    if not percent:
        return images.copy()
    mean = images.mean(axis=(-2, -1), keepdims=True)
    return _clip(mean + (images - mean) * (1 - percent / 100))


def brighten(images: np.ndarray, percent: float) -> np.ndarray:
    """Add per cent of white to every pixel; a negative number darkens."""
    return _clip(images + percent / 100)


def add_noise(images: np.ndarray, percent: float, seed: int | None = None) -> np.ndarray:
    """Add Gaussian noise with a standard deviation in per cent of white; a seed draws the same noise again.

    In a stack each image has its own noise; the first has the same as if it were alone.
    """
    return _clip(images + percent / 100 * np.random.default_rng(seed or 0).standard_normal(images.shape))


def _apply(images: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    if images.ndim == 2:
        return _clip(change(images))
    return _clip(np.stack([change(image) for image in images])) if len(images) else images.copy()


def _clip(images: np.ndarray) -> np.ndarray:
    return np.clip(images, 0, 1).astype(np.float32)
