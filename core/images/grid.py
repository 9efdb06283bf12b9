"""Many small images as one."""

from __future__ import annotations

import io
import math

import numpy as np
from PIL import Image


def grid(
    images: np.ndarray, columns: int | None = None, gap: int = 2, scale: int = 1, invert: bool = False
) -> Image.Image:
    """Images (N×H×W or N×H×W×C uint8) in rows, ``gap`` pixels apart, each enlarged ``scale`` times.

    ``columns`` is as near a square as can be if left out; ``invert`` swaps dark and light.
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


def png(image: Image.Image) -> bytes:
    """The image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def gif(images: np.ndarray, scale: int = 1, milliseconds: int = 50) -> bytes:
    """Images (N×H×W or N×H×W×C uint8) as an endless animation in a GIF file."""
    frames = [grid(image[None], scale=scale) for image in images]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0, disposal=1
    )
    return buffer.getvalue()


def webp(images: np.ndarray, scale: int = 1, milliseconds: int = 50) -> bytes:
    """Images (N×H×W or N×H×W×C uint8) as an endless animation in a WebP file, without loss."""
    frames = [grid(image[None], scale=scale).convert("RGB") for image in images]
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=milliseconds,
        loop=0,
        lossless=True,
        quality=0,
        method=0,
    )
    return buffer.getvalue()
