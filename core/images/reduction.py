"""Reduce many drawn images by a whole number."""

from __future__ import annotations

import numpy as np


def reduced(images: np.ndarray, side: int) -> np.ndarray:
    """Return images (N×H×W×C uint8) with ``side`` rows, each pixel the mean of a square; it must divide H."""
    factor = images.shape[1] // side
    if factor == 1:
        return images
    count, height, width, channels = images.shape
    squares = images.reshape(count, height // factor, factor, width // factor, factor, channels)
    return np.round(squares.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
