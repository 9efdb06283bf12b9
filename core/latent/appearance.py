"""Measure a small image: form by its moments, colour by its means, and the colour of a face's parts."""

from __future__ import annotations

import numpy as np

UNITS = {"slant": "°", "width": " px", "height": " px", "stroke_weight": " px", "size": " px"}
EMPTY = 1e-6
# Where a head in the middle of a square picture has its parts: top, bottom, left, right as shares of a side.
PARTS = {
    "hair": (0.14, 0.30, 0.34, 0.66),
    "skin": (0.50, 0.66, 0.40, 0.60),
    "background": (0.0, 0.12, 0.0, 0.12),
}


def measure_appearance(images: np.ndarray) -> dict[str, np.ndarray]:
    """Return measurements of images (N×H×W×C uint8), N numbers by name.

    The image is taken as a mass of light. ``slant`` is its shear to the right, in degrees; ``width`` and
    ``height`` are four standard deviations of the mass, the width after the slant was taken out; ``size`` is
    their geometric mean; ``stroke_weight`` is twice the mass divided by its outline, the width of a long bar.
    ``brightness`` is the mean level; ``warmth`` is how much red exceeds blue; ``colourfulness`` is the
    distance between the highest and the lowest of a pixel's colours; ``hair``, ``skin`` and ``background``
    are the mean levels where a head in the middle has them. ``UNITS`` has the units; those of colours are
    levels from 0 to 255.
    Source: Hu 1962, section III (central moments); for the slant, LeCun et al. 1998, III.A (deslanting).
    """
    return _form(images) | _colour(images) | {name: part_colours(images, name).mean(axis=1) for name in PARTS}


def part_colours(images: np.ndarray, part: str) -> np.ndarray:
    """Return the mean colour of a part of a face in images (N×H×W×C uint8), N×C levels from 0 to 255."""
    height, width = images.shape[1:3]
    top, bottom, left, right = PARTS[part]
    rows = slice(int(top * height), max(int(top * height) + 1, int(bottom * height)))
    columns = slice(int(left * width), max(int(left * width) + 1, int(right * width)))
    return images[:, rows, columns].mean(axis=(1, 2), dtype=np.float64)


def _colour(images: np.ndarray) -> dict[str, np.ndarray]:
    red, blue = (images[..., channel].mean(axis=(1, 2), dtype=np.float64) for channel in (0, -1))
    span = images.max(axis=3).astype(np.float64) - images.min(axis=3)
    return {
        "brightness": images.mean(axis=(1, 2, 3), dtype=np.float64),
        "warmth": red - blue,
        "colourfulness": span.mean(axis=(1, 2)),
    }


def _form(images: np.ndarray) -> dict[str, np.ndarray]:
    light = images.mean(axis=3, dtype=np.float64) / 255
    mass = light.sum(axis=(1, 2)) + EMPTY
    rows, columns = np.mgrid[: light.shape[1], : light.shape[2]]
    x = columns - ((light * columns).sum(axis=(1, 2)) / mass)[:, None, None]
    y = ((light * rows).sum(axis=(1, 2)) / mass)[:, None, None] - rows  # upwards
    xx, yy, xy = ((light * moment).sum(axis=(1, 2)) / mass + EMPTY for moment in (x * x, y * y, x * y))
    width, height = 4 * np.sqrt(np.maximum(xx - xy**2 / yy, 0)), 4 * np.sqrt(yy)
    return {
        "slant": np.degrees(np.arctan2(xy, yy)),
        "width": width,
        "height": height,
        "stroke_weight": 2 * mass / (_outline(light) + EMPTY),
        "size": np.sqrt(width * height),
    }


def _outline(light: np.ndarray) -> np.ndarray:
    """Return the length of the outline: the sum of the slopes of the grey levels (total variation)."""
    padded = np.pad(light, ((0, 0), (1, 1), (1, 1)))
    across, down = np.diff(padded, axis=2)[:, :-1], np.diff(padded, axis=1)[:, :, :-1]
    return np.sqrt(across**2 + down**2).sum(axis=(1, 2))
