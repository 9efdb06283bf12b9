"""Write a whole picture as a short text for a link, and read it back as a file."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image

from core.contract.link_text import from_text, to_text
from core.errors import ImageError

MAX_BYTES = 4_500  # 6,000 characters of a link; browsers and servers accept 8,000
MAX_CHARACTERS = 4 * -(-MAX_BYTES // 3)
GREYS, COLOURFUL = 6, 40  # of ink on paper; saturation, of 255, from which a picture has colours
SIZES = ((480, 60), (320, 60), (240, 55), (180, 50), (128, 45), (96, 35))  # longer side; quality of WebP


def small_copies(image: Image.Image) -> Iterator[bytes]:
    """Yield WebP files of a picture that are short enough for a link, the largest first."""
    last = (0, 0)
    for side, quality in SIZES:
        small = image.convert("RGB")
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        if small.size == last:
            continue
        content = next((found for found in _written(small, quality) if len(found) <= MAX_BYTES), None)
        if content is not None:
            last = small.size
            yield content


def to_code(content: bytes) -> str:
    """Return the code of a small copy."""
    return to_text(content)


def from_code(code: str) -> bytes:
    """Return the file in a code. Untrusted: it is still to be decoded.

    Raises:
        ImageError: when the code is damaged or too long.
    """
    if len(code) > MAX_CHARACTERS:
        raise ImageError("images.link_too_long")
    try:
        return from_text(code, MAX_CHARACTERS)
    except ValueError as error:
        raise ImageError("images.link_damaged") from error


def _written(image: Image.Image, quality: int) -> Iterator[bytes]:
    """Yield the picture in smaller and smaller files: without loss; ink in a few greys; with loss."""
    yield _webp(image, quality, lossless=True)
    if _is_grey(image):
        yield _webp(image.convert("L").quantize(GREYS).convert("RGB"), quality, lossless=True)
    yield _webp(image, quality, lossless=False)


def _is_grey(image: Image.Image) -> bool:
    return bool(np.asarray(image.convert("HSV"))[..., 1].max() < COLOURFUL)


def _webp(image: Image.Image, quality: int, lossless: bool) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, lossless=lossless, method=4)
    return buffer.getvalue()
