"""Enlarge a small image for download, with edges as sharp as its style asks for."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.images.encode import from_pixels

SIDE = 512  # pixels


def enlarged(image: np.ndarray, *, squares: bool, side: int = SIDE) -> Image.Image:
    """Return an image (H×W×C uint8) with its longer side of ``side`` pixels.

    ``squares`` keeps each pixel a square, as pixel art wants; else edges are smoothed (Lanczos).
    """
    picture = from_pixels(image)
    scale = side / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.resize(size, Image.Resampling.NEAREST if squares else Image.Resampling.LANCZOS)


def enlarged_frames(images: np.ndarray, *, squares: bool, side: int = SIDE) -> np.ndarray:
    """Return images (N×H×W×C uint8) enlarged in the same way: N×side×side, ×3 in colour, for square ones."""
    return np.stack([np.asarray(enlarged(image, squares=squares, side=side)) for image in images])
