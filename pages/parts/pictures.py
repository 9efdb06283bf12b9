"""How small pictures are shown: enlarged without blurring their pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image


def enlarged(pixels: np.ndarray, scale: int = 8) -> Image.Image:
    """A picture (H×W, H×W×1 or H×W×3, uint8) whose pixels are squares of ``scale`` screen pixels."""
    image = Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
