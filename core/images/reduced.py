"""Make a small copy of a visitor's picture, encoded again, so that the original need not be kept."""

from __future__ import annotations

import io

from PIL import Image

from core.images.decode import decode

QUALITY = 92
SMALL_QUALITY = 98  # of pictures whose sides are both at most SMALL, in which each pixel counts
SMALL = 64
VIDEO_SIGNATURES = (b"\x1aE\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"FLV\1")  # WebM, Matroska, MPEG, Flash
VIDEO_BRANDS = (
    b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp4", b"3gp5",
)  # fmt: skip


def reduced(data: bytes, name: str, short_side: int, long_side: int) -> bytes:
    """Return a picture as a small JPEG file, without anything that the original said beside its pixels.

    Its shorter side has at most ``short_side`` pixels; what is then longer than ``long_side`` is cut to its
    middle. A smaller picture is not enlarged.

    Raises:
        ImageError: when the bytes are no picture that can be read.
    """
    image = decode(data, name).image
    scale = min(1.0, short_side / min(image.size))
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in image.size)
        image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    width, height = (min(side, long_side) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return jpeg(image.crop((left, top, left + width, top + height)))


def jpeg(image: Image.Image) -> bytes:
    """Return an RGB picture as a JPEG file whose colours have the picture's full resolution."""
    buffer = io.BytesIO()
    quality = SMALL_QUALITY if max(image.size) <= SMALL else QUALITY
    image.save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def is_video(data: bytes) -> bool:
    """Return whether a file's bytes begin like a video's."""
    riff = data[:4] == b"RIFF" and data[8:12] == b"AVI "
    return riff or data.startswith(VIDEO_SIGNATURES) or (data[4:8] == b"ftyp" and data[8:12] in VIDEO_BRANDS)
