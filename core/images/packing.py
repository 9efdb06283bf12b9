"""Many images as one file to take away."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from core.images.grid import grid, png


def zipped(images: np.ndarray, names: list[str], scale: int = 1) -> bytes:
    """Images (N×H×W×C uint8) as PNG files of these names (without ``.png``) in a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: PNG is deflated already
        for image, name in zip(images, names, strict=True):
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), png(grid(image[None], scale=scale)))
    return buffer.getvalue()


def arrays(**values: np.ndarray) -> bytes:
    """Arrays by name as an NPZ file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **values)
    return buffer.getvalue()
