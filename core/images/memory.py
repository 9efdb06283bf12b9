"""Estimate from a picture's header how much memory its decoding takes, before anything is decoded.

The bytes per pixel are those of Pillow's and OpenCV's buffers, measured in a child process with pictures of
12 to 52 megapixels: ``python -m tests.benchmarks.decoding``.
"""

from __future__ import annotations

import math

from PIL import Image

MIB = 2**20
MAX_MEMORY = 178 * MIB  # for one picture; the child process has 70 MB before, and may have 250 MB

_PIXEL = 4  # bytes per pixel in Pillow, RGB included
_SMALLER = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
# Bytes per pixel in all of decoders that hold planes, canvases or other copies: opaque, with transparency.
_IN_ALL = {"WEBP": (8, 9), "AVIF": (13, 14), "HEIF": (7.5, 8.5)}
_ANIMATED_WEBP = 17
_JPEG2000_COMPONENT = 5
_COEFFICIENT = 2
_BAND = 10 * MIB  # one band of the picture in all stages of reducing it


def needed(image: Image.Image, data: bytes, original: tuple[int, int], reduced: int) -> int:
    """Return an estimate of the bytes that decoding and reducing a picture take at most.

    Args:
        image: opened, not loaded; a JPEG's size is already the one at which it will be decoded.
        data: the file.
        original: width and height before that.
        reduced: the number of pixels to which the picture will be reduced.
    """
    pixels = image.width * image.height
    if image.format == "JPEG2000":
        halvings = image.reduce  # a number once it was set; Pillow returns its method in place of 0
        pixels //= 4**halvings if isinstance(halvings, int) else 1
    decoding = math.ceil(pixels * _bytes_per_pixel(image))
    if image.format in ("JPEG", "MPO"):
        decoding += _coefficients(image, original, data)
    elif image.format == "TIFF":
        decoding += _strip(image)
    reducing = pixels * _SMALLER.get(image.mode, _PIXEL) + _BAND + 2 * _PIXEL * reduced
    return len(data) + max(decoding, reducing if pixels > reduced else 0)


def _bytes_per_pixel(image: Image.Image) -> float:
    if image.format == "WEBP" and getattr(image, "is_animated", False):
        return _ANIMATED_WEBP
    if image.format in _IN_ALL:
        return _IN_ALL[image.format][image.mode in ("RGBA", "LA")]
    if image.format == "JPEG2000":
        return _PIXEL + _JPEG2000_COMPONENT * len(image.getbands())
    return _SMALLER.get(image.mode, _PIXEL)


def _coefficients(image: Image.Image, original: tuple[int, int], data: bytes) -> int:
    """Return the bytes of the coefficients that a JPEG of several scans is held as, at its full size."""
    if not image.info.get("progressive") and data.count(b"\xff\xda") < 2:
        return 0
    factors = [(across, down) for _, across, down, _ in image.layer]  # type: ignore[attr-defined]
    most = max(across for across, _ in factors) * max(down for _, down in factors)
    planes = sum(across * down for across, down in factors) / most
    return math.ceil(original[0] * original[1] * planes * _COEFFICIENT)


def _strip(image: Image.Image) -> int:
    """Return the bytes of a TIFF's largest strip or tile, which is unpacked beside the picture."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    bits = sum(tags.get(_BITS, (1,)))
    if _TILE_WIDTH in tags:
        return int(tags[_TILE_WIDTH]) * int(tags.get(_TILE_LENGTH, 1)) * bits // 8
    return image.width * min(int(tags.get(_ROWS_PER_STRIP, image.height)), image.height) * bits // 8


_BITS, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH = 258, 278, 322, 323
