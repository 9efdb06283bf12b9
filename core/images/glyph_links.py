"""A drawing as a short text for a link: the exact pixels that the networks get, so the answer is the same.

A glyph of 28×28 bytes is mostly black; deflated and written in base64's alphabet for links it takes some 300
characters. Nothing is rounded, so the probabilities behind a link are those that were shared.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence

import numpy as np

from core.errors import ImageError

SIDE = 28
MOST_GLYPHS = 4
MOST_CHARACTERS = 4_400  # four glyphs of noise, which cannot be deflated; browsers and servers take 8,000
_GLYPH = SIDE * SIDE


def to_code(glyphs: Sequence[np.ndarray]) -> str | None:
    """The code of one to MOST_GLYPHS glyphs (28×28 uint8); None where there are none, or too many."""
    if not 1 <= len(glyphs) <= MOST_GLYPHS or any(glyph.shape != (SIDE, SIDE) for glyph in glyphs):
        return None
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(np.stack(glyphs).astype(np.uint8).tobytes()) + packer.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_code(code: str) -> np.ndarray:
    """The glyphs (N×28×28 uint8) in a code.

    Raises:
        ImageError: when the code is damaged, too long, or not this app's.
    """
    if len(code) > MOST_CHARACTERS:
        raise ImageError("The drawing in this link is too long; ask for the link again.")
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(-15)
        pixels = unpacker.decompress(packed, MOST_GLYPHS * _GLYPH + 1)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise ImageError(_DAMAGED) from error
    count, rest = divmod(len(pixels), _GLYPH)
    if rest or not 1 <= count <= MOST_GLYPHS or not unpacker.eof or unpacker.unused_data:
        raise ImageError(_DAMAGED)
    return np.frombuffer(pixels, np.uint8).reshape(count, SIDE, SIDE)


_DAMAGED = "The drawing in this link is damaged or cut short; ask for the link again."
