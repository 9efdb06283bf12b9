"""Show small pictures: enlarged without blurring their pixels, or as they are, within HTML."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from core.images import encode

SMALL = 2**14  # bytes; all larger pictures that a crowd saw came to 60 MB here, and none was asked for twice


def enlarged(pixels: np.ndarray, scale: int = 8) -> Image.Image:
    """Return a picture (H×W, H×W×1 or H×W×3 uint8) whose pixels are squares of ``scale`` screen pixels."""
    image = encode.from_pixels(pixels)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def url(image: np.ndarray) -> str:
    """Return a picture (H×W, H×W×3 or H×W×4 uint8) as the address that an HTML image takes."""
    if image.nbytes > SMALL:
        return encode.data_url(image)
    return _encoded(image.tobytes(), image.shape)


@lru_cache(maxsize=256)  # a click changes one or two of a page's many small pictures
def _encoded(pixels: bytes, shape: tuple[int, ...]) -> str:
    return encode.data_url(np.frombuffer(pixels, np.uint8).reshape(shape))
