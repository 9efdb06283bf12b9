"""Lay out many small images as one."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image


def enlargement(images: np.ndarray, side: int) -> int:
    """Return how many times images (N×H×W×C) must be enlarged to be about ``side`` pixels high."""
    return max(1, round(side / images.shape[1]))


def grid(
    images: np.ndarray, columns: int | None = None, gap: int = 2, scale: int = 1, invert: bool = False
) -> Image.Image:
    """Return images (N×H×W or N×H×W×C uint8) in rows, ``gap`` pixels apart, each enlarged ``scale`` times.

    Without ``columns`` the sheet is nearly square; ``invert`` swaps dark and light.
    """
    images = images[..., 0] if images.ndim == 4 and images.shape[3] == 1 else images
    images = 255 - images if invert else images
    count, height, width = images.shape[:3]
    columns = columns or max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    background = 255 if invert else 0
    sheet = np.full(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, *images.shape[3:]), background, np.uint8
    )
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    picture = Image.fromarray(sheet)
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
