"""How small pictures are shown: enlarged without blurring their pixels, or as they are, within HTML."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

import numpy as np
from PIL import Image

from core.images.encode import png


def enlarged(pixels: np.ndarray, scale: int = 8) -> Image.Image:
    """A picture (H×W, H×W×1 or H×W×3, uint8) whose pixels are squares of ``scale`` screen pixels."""
    image = Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def url(image: np.ndarray) -> str:
    """A picture (H×W, H×W×3 or H×W×4, uint8) as the address that an HTML image takes."""
    return _encoded(image.tobytes(), image.shape)


@lru_cache(maxsize=256)  # a click changes one or two of a page's pictures
def _encoded(pixels: bytes, shape: tuple[int, ...]) -> str:
    image = np.frombuffer(pixels, np.uint8).reshape(shape)
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def data_url(pixels: np.ndarray) -> str:
    """A picture (H×W, H×W×1 or H×W×3, uint8) as text, for a cell of a table."""
    return "data:image/png;base64," + base64.b64encode(png(enlarged(pixels, 1))).decode()
