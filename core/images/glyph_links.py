"""Write glyphs as a short text for a link, and read them back pixel by pixel.

A glyph of 28×28 bytes is mostly black; deflated and in URL-safe base64 it takes some 300 characters. Nothing
is rounded, so the networks answer with the same probabilities as when the link was shared.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from core.contract.link_text import from_text, to_text
from core.errors import ImageError

SIDE = 28
MAX_GLYPHS = 4
MAX_CHARACTERS = 4_400  # four glyphs of noise, which cannot be deflated; browsers and servers accept 8,000
_GLYPH_BYTES = SIDE * SIDE


def to_code(glyphs: Sequence[np.ndarray]) -> str | None:
    """Return the code of one to MAX_GLYPHS glyphs (28×28 uint8), or None for any other number or shape."""
    if not 1 <= len(glyphs) <= MAX_GLYPHS or any(glyph.shape != (SIDE, SIDE) for glyph in glyphs):
        return None
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(np.stack(glyphs).astype(np.uint8).tobytes()) + packer.flush()
    return to_text(packed)


def from_code(code: str) -> np.ndarray:
    """Return the glyphs in a code, N×28×28 uint8.

    Raises:
        ImageError: when the code is damaged, too long, or not made by ``to_code``.
    """
    if len(code) > MAX_CHARACTERS:
        raise ImageError("images.link_too_long")
    try:
        packed = from_text(code, MAX_CHARACTERS)
        unpacker = zlib.decompressobj(-15)
        pixels = unpacker.decompress(packed, MAX_GLYPHS * _GLYPH_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise ImageError("images.link_damaged") from error
    count, rest = divmod(len(pixels), _GLYPH_BYTES)
    if rest or not 1 <= count <= MAX_GLYPHS or not unpacker.eof or unpacker.unused_data:
        raise ImageError("images.link_damaged")
    return np.frombuffer(pixels, np.uint8).reshape(count, SIDE, SIDE)
