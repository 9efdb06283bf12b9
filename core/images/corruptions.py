"""A glyph made worse on purpose, by strengths that a visitor sets.

Images are float32 in [0, 1], light ink on black, H×W or a stack N×H×W. Every function gives an array of the
same shape and type, and at strength zero the image itself. Noise, blur, contrast and brightness are those of
Hendrycks, Dietterich 2019, section 4, on a scale without steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True, kw_only=True)
class Strengths:
    """How strong each corruption is; all zero leave an image as it is."""

    rotation: float = 0.0  # degrees, clockwise
    right: float = 0.0  # pixels
    down: float = 0.0  # pixels
    scale: float = 0.0  # per cent of the size: 50 is half as large again, -50 half as large
    blur: float = 0.0  # standard deviation in pixels
    contrast: float = 0.0  # per cent that is lost
    brightness: float = 0.0  # added to every pixel, in per cent of white
    noise: float = 0.0  # standard deviation in per cent of white
    occlusion: float = 0.0  # side of a black square in pixels


@dataclass(frozen=True)
class Corruption:
    """One of the strengths as a slider and a chart's axis show it."""

    name: str  # of its field in Strengths
    title: str
    unit: str
    low: float
    high: float
    step: float

    def sweep(self, points: int = 41) -> np.ndarray:
        """Strengths from the least to the greatest, evenly apart, zero among them."""
        below = round((points - 1) * -self.low / (self.high - self.low))
        down = np.linspace(self.low, 0.0, below + 1)
        return np.concatenate([down[:-1], np.linspace(0.0, self.high, points - below)])


CORRUPTIONS = (
    Corruption("rotation", "Rotation", "°", -90, 90, 1),
    Corruption("scale", "Size", "%", -60, 60, 1),
    Corruption("right", "Shift right", "px", -12, 12, 0.5),
    Corruption("down", "Shift down", "px", -12, 12, 0.5),
    Corruption("blur", "Blur", "px", 0, 4, 0.1),
    Corruption("noise", "Noise", "%", 0, 80, 1),
    Corruption("contrast", "Contrast lost", "%", 0, 100, 1),
    Corruption("brightness", "Brightness", "%", -90, 90, 1),
    Corruption("occlusion", "Covered square", "px", 0, 24, 1),
)


def corrupted(pixels: np.ndarray, strengths: Strengths, seed: int | None = None) -> np.ndarray:
    """A glyph (H×W or H×W×C uint8) under all corruptions at once, as uint8 of the same shape."""
    planes = pixels if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    result = np.round(255 * corrupt(planes.astype(np.float32) / 255, strengths, seed)).astype(np.uint8)
    return result if pixels.ndim == 2 else np.moveaxis(result, 0, -1)


def corrupt(images: np.ndarray, strengths: Strengths, seed: int | None = None) -> np.ndarray:
    """Images under all corruptions at once: moved first, then blurred, covered, paled and sprinkled.

    The seed says where the covering square lies (None: at the centre) and which noise is drawn.
    """
    moved = move(images, strengths.rotation, strengths.right, strengths.down, strengths.scale)
    covered = occlude(blur(moved, strengths.blur), strengths.occlusion, seed)
    lit = brighten(fade(covered, strengths.contrast), strengths.brightness)
    return sprinkle(lit, strengths.noise, seed)


def move(
    images: np.ndarray, degrees: float = 0.0, right: float = 0.0, down: float = 0.0, percent: float = 0.0
) -> np.ndarray:
    """Turned clockwise about the centre, scaled by 1 + percent / 100, shifted by pixels; in one resampling.

    What comes in from outside is black.
    """
    if not (degrees or right or down or percent):
        return images.copy()
    height, width = images.shape[-2:]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1 + percent / 100)
    matrix[:, 2] += np.array([right, down])
    return _each(images, lambda image: cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR))


def blur(images: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; sigma in pixels. Outside the image is black."""
    if not sigma:
        return images.copy()
    black = cv2.BORDER_CONSTANT
    return _each(images, lambda image: cv2.GaussianBlur(image, (0, 0), sigma, borderType=black))


def occlude(images: np.ndarray, side: float, seed: int | None = None) -> np.ndarray:
    """A black square (side in pixels) over the centre or, with a seed, over a place drawn for all images."""
    result = images.copy()
    height, width = images.shape[-2:]
    side = min(round(side), height, width)
    if seed is None:
        top, left = (height - side) // 2, (width - side) // 2
    else:
        at = np.random.default_rng(seed).random(2)  # a share of the room, so that a square grows in its place
        top, left = round(at[0] * (height - side)), round(at[1] * (width - side))
    result[..., top : top + side, left : left + side] = 0.0
    return result


def fade(images: np.ndarray, percent: float) -> np.ndarray:
    """Contrast lost, in per cent: each pixel brought that much nearer to its image's mean."""
    if not percent:
        return images.copy()
    mean = images.mean(axis=(-2, -1), keepdims=True)
    return _bounded(mean + (images - mean) * (1 - percent / 100))


def brighten(images: np.ndarray, percent: float) -> np.ndarray:
    """Per cent of white added to every pixel, taken away where negative."""
    return _bounded(images + percent / 100)


def sprinkle(images: np.ndarray, percent: float, seed: int | None = None) -> np.ndarray:
    """Gaussian noise with a standard deviation in per cent of white; the same seed draws the same noise.

    In a stack each image has noise of its own, the first that which it would have alone.
    """
    return _bounded(images + percent / 100 * np.random.default_rng(seed or 0).standard_normal(images.shape))


def _each(images: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    if images.ndim == 2:
        return _bounded(change(images))
    return _bounded(np.stack([change(image) for image in images])) if len(images) else images.copy()


def _bounded(images: np.ndarray) -> np.ndarray:
    return np.clip(images, 0, 1).astype(np.float32)
