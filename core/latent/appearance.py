"""Measure a small image: slant, width, height, stroke weight and size, from its moments."""

from __future__ import annotations

import numpy as np

UNITS = {"slant": "°", "width": " px", "height": " px", "stroke_weight": " px", "size": " px"}
EMPTY = 1e-6


def measure_appearance(images: np.ndarray) -> dict[str, np.ndarray]:
    """Return measurements of images (N×H×W×C uint8), N numbers by name; ``UNITS`` has the units.

    The image is taken as a mass of light. ``slant`` is its shear to the right, in degrees; ``width`` and
    ``height`` are four standard deviations of the mass, the width after the slant was taken out; ``size`` is
    their geometric mean; ``stroke_weight`` is twice the mass divided by its outline, the width of a long bar.
    Source: Hu 1962, section III (central moments); for the slant, LeCun et al. 1998, III.A (deslanting).
    """
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
