"""Decode untrusted bytes into one upright RGB image, or raise a clear error."""

from __future__ import annotations

import io
import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from core.errors import ImageError
from core.images import memory
from core.messages import Message, message

# Formats that Pillow decodes itself. Left out are formats that start other programs (EPS), that inflate
# without a limit (FITS), or that have no signature, so that any text could be one (XVTHUMB, SPIDER).
# MPO, the pair of JPEGs that phones write, is opened as JPEG: Pillow raises KeyError for its name.
FORMATS = (
    "PNG", "JPEG", "WEBP", "TIFF", "BMP", "DIB", "GIF", "AVIF", "PPM", "ICO", "CUR", "ICNS", "TGA", "PCX",
    "DCX", "JPEG2000", "QOI", "SGI", "SUN", "PSD", "DDS", "IM", "MSP", "XBM",
)  # fmt: skip
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
ICON_SIGNATURES = (b"\0\0\1\0", b"icns")
MAX_BYTES = 64 * 2**20
MAX_SIDE = 65_500  # JPEG's own limit
# Memory bounds a picture before these limits do (see ``memory``); they bound the time.
MAX_PIXELS = 52_000_000  # phones take up to 50 million
MAX_JPEG_PIXELS = 110_000_000  # JPEG is decoded at a half, a quarter or an eighth of its size
MAX_JPEG2000_PIXELS = 12_000_000
MAX_ICON_PIXELS = 2_000_000
MAX_PYTHON_PIXELS = 3_000_000  # some rare codecs are written in Python and need a microsecond per pixel
MAX_SCANNED_PIXELS = 2_000_000_000  # in all scans of a progressive JPEG: a second of work
EMPTY_FRAMES = 20  # of an animation that are passed over
BAND_PIXELS = 500_000  # of a picture that is being reduced, converted at a time
WORKING_PIXELS = 2_400_000  # leaves each digit on a page of 100 some 60 pixels of height

# One picture at a time, which limits the memory; Python's warning filters are shared by all threads.
_DECODING = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A decoded picture."""

    image: Image.Image  # RGB, upright, at most about WORKING_PIXELS
    size: tuple[int, int]  # width and height of the upright original, for boxes in its pixels
    format: str


def load_decoder(data: bytes) -> None:
    """Import the decoder of a HEIC photograph if the bytes are one; Pillow has all other decoders.

    A process that limits its address space calls this before, so that the library is not a picture's memory.
    """
    if _is_heic(data):
        import pillow_heif  # noqa: PLC0415 (most visitors bring none)

        pillow_heif.register_heif_opener(
            thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
        )


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS


def decode(data: bytes, name: str = "") -> Picture:
    """Return the picture in a file's bytes, upright, flattened to RGB, and reduced if it is large.

    Of an animation, that is the first frame that shows something.

    Raises:
        ImageError: when the bytes are not a picture, or one that is damaged or too large to decode.
    """
    told = _printable(name) or message("images.the_file")
    if not data:
        raise ImageError("images.empty", name=told)
    if len(data) > MAX_BYTES:
        raise ImageError("images.too_many_bytes", name=told, most=MAX_BYTES >> 20)
    load_decoder(data)
    try:
        with _DECODING, warnings.catch_warnings(), _inner_pictures_limited(data):
            warnings.simplefilter("ignore")  # Pillow warns about sizes and faults that are handled here
            return _decode(data, told)
    except ImageError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_much_memory(told) from error
    except Image.UnidentifiedImageError as error:
        raise ImageError("images.not_a_picture", name=told) from error
    except Exception as error:  # Pillow's decoders raise errors of many types on damaged files
        if "memory" in str(error).lower():  # as OpenCV, libtiff and Pillow's own decoders say it
            raise _too_much_memory(told) from error
        raise ImageError("images.damaged", name=told) from error


def _decode(data: bytes, name: str | Message) -> Picture:
    formats = (*FORMATS, "HEIF") if _is_heic(data) else FORMATS
    with Image.open(io.BytesIO(data), formats=formats) as image:
        _check_size(image, data, name)
        original = _ask_for_smaller(image, data)
        if memory.needed(image, data, original or image.size, WORKING_PIXELS) > memory.MAX_MEMORY:
            raise _too_much_memory(name)
        loaded = _load(image, data)
        size = original or image.size
        turn = _TURNS.get(_orientation(image))
        reduced = _reduce(loaded)
        if reduced is not loaded:
            loaded.close()  # frees its pixels before the conversion to RGB makes copies of the others
        rgb = to_rgb(reduced)
        if turn is not None:
            rgb = rgb.transpose(turn)
        return Picture(rgb, size[::-1] if turn in _QUARTER_TURNS else size, image.format or "")


def _too_much_memory(name: str | Message) -> ImageError:
    return ImageError("images.too_much_memory", name=name, most=memory.MAX_MEMORY >> 20)


def _check_size(image: Image.Image, data: bytes, name: str | Message) -> None:
    pixels = image.width * image.height
    if min(image.size) < 1:
        raise ImageError("images.no_pixels", name=name)
    if max(image.size) > MAX_SIDE:
        raise ImageError("images.side_too_long", name=name, most=MAX_SIDE)
    most = _max_pixels(image)
    if pixels > most:
        raise ImageError("images.too_many_pixels", name=name, most=most / 1e6, got=pixels / 1e6)
    if _is_jpeg(image) and data.count(b"\xff\xda") * pixels > MAX_SCANNED_PIXELS:
        raise ImageError("images.too_many_scans", name=name)


def _max_pixels(image: Image.Image) -> int:
    if any(tile[0] in Image.DECODERS for tile in getattr(image, "tile", ())):
        return MAX_PYTHON_PIXELS
    if image.format == "JPEG2000":
        return MAX_JPEG2000_PIXELS
    return MAX_JPEG_PIXELS if _is_jpeg(image) else MAX_PIXELS


def _is_jpeg(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO")


def _ask_for_smaller(image: Image.Image, data: bytes) -> tuple[int, int] | None:
    """Make the decoder of JPEG or JPEG 2000 reduce a large picture; return the original's size.

    Return None for other formats, whose decoders cannot do this.
    """
    size, scale = image.size, _working_scale(image.size)
    if image.format == "JPEG2000":
        levels = min(math.floor(0.25 - math.log2(scale)), _levels(data))
        image.reduce = levels  # type: ignore[method-assign, assignment]
        return size
    if not _is_jpeg(image):
        return None
    image.draft(None, (math.ceil(size[0] * scale), math.ceil(size[1] * scale)))
    return size


def _levels(data: bytes) -> int:
    """Return how many times a JPEG 2000 can be halved, from its marker COD (ISO 15444-1, A.6.1)."""
    marker = data.find(b"\xff\x52")
    return data[marker + 9] if 0 <= marker < len(data) - 9 else 0


def _load(image: Image.Image, data: bytes) -> Image.Image:
    """Return the picture with its pixels; a WebP is decoded by OpenCV and reduced, in half the memory.

    Pillow decodes every WebP as an animation, with two transparent canvases beside the picture.
    """
    if image.format != "WEBP" or image.mode not in ("RGB", "RGBA") or getattr(image, "is_animated", False):
        image.load()
        if getattr(image, "is_animated", False):
            _seek_content(image)
        return image
    kind = cv2.IMREAD_COLOR if image.mode == "RGB" else cv2.IMREAD_UNCHANGED
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), kind | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise OSError("broken WebP data")
    if pixels.shape[2] == 4:
        return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA, dst=pixels))
    scale = _working_scale(image.size)
    if scale < 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def _seek_content(image: Image.Image) -> None:
    """Go on to the first frame that shows something; if none of the first few does, to the first of all."""
    for number in range(1, EMPTY_FRAMES + 1):
        if not _is_empty(image):
            return
        try:
            image.seek(number)
        except EOFError:
            break
        image.load()
    if _is_empty(image):
        image.seek(0)
        image.load()


def _is_empty(image: Image.Image) -> bool:
    """Return whether all pixels of a loaded picture are equal or transparent."""
    if image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema() == (0, 0):
        return True
    extrema = image.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return all(least == greatest for least, greatest in bands)


@contextmanager
def _inner_pictures_limited(data: bytes) -> Iterator[None]:
    """Limit the pictures within an icon, which have sizes of their own; Pillow loads one on opening."""
    usual = Image.MAX_IMAGE_PIXELS
    if data.startswith(ICON_SIGNATURES):
        Image.MAX_IMAGE_PIXELS = MAX_ICON_PIXELS // 2  # Pillow refuses from twice as many
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def _reduce(image: Image.Image) -> Image.Image:
    """Reduce a picture to WORKING_PIXELS band by band, so that conversions need the memory of one band.

    Each band is taken with a margin as wide as the filter, so the result does not depend on the bands.
    """
    scale = _working_scale(image.size)
    if scale == 1.0:
        return image
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    factor = max(1, min(image.width // width, image.height // height) // 2)  # whole pixels are averaged first
    step = image.height / height
    margin = math.ceil(step + factor)
    reduced: Image.Image | None = None
    rows = max(1, BAND_PIXELS * height // (image.width * image.height))
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        first = max(0, int(top * step) - margin) // factor * factor
        last = min(image.height, math.ceil(bottom * step) + margin)
        band = _to_resizable(image.crop((0, first, image.width, last)))
        if factor > 1:
            band = band.reduce(factor)
        box = (0, (top * step - first) / factor, image.width / factor, (bottom * step - first) / factor)
        band = band.resize((width, bottom - top), Image.Resampling.HAMMING, box)
        reduced = reduced or Image.new(band.mode, (width, height))
        reduced.paste(band, (0, top))
    assert reduced is not None
    return reduced


def _to_resizable(image: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be averaged: deep ones as floats, palettes as colours."""
    if _is_deep(image):
        return Image.fromarray(np.asarray(image).astype(np.float32))
    if image.mode in ("1", "P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    return image


def _working_scale(size: tuple[int, int]) -> float:
    return min(1.0, math.sqrt(WORKING_PIXELS / (size[0] * size[1])))


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert any of Pillow's modes to RGB; transparency becomes a paper on which the ink is visible."""
    if _is_deep(image):
        return Image.fromarray(_to_8_bits(np.asarray(image))).convert("RGB")
    if image.mode == "LAB":
        return image.getchannel("L").convert("RGB")
    if image.has_transparency_data:
        return _on_paper(image.convert("RGBA"))
    if image.mode == "RGB" and type(image) is Image.Image:  # not of an open file; it need not be copied
        return image
    return image.convert("RGB")


def _is_deep(image: Image.Image) -> bool:
    return image.mode.startswith("I") or image.mode == "F"


def _to_8_bits(values: np.ndarray) -> np.ndarray:
    """Scale levels of 16 bits, 32 bits or floats to 0 to 255; Pillow's own conversion clips them at 255.

    The scale is that of the smallest usual depth that holds the values, so that 0 stays black and light stays
    a factor. Values that use little of that range are stretched from their least to their greatest.
    """
    values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    least, greatest = float(values.min()), float(values.max())
    depth = next((d for d in (1, 255, 1023, 4095, 16383, 65535) if greatest <= d), greatest)
    if least < 0 or greatest - least < depth / 8:
        values, depth = values - least, greatest - least
    return np.round(values * (255 / max(depth, 1e-30))).clip(0, 255).astype(np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    """Put an RGBA picture on the grey on which it shows best."""
    opaque = np.asarray(image.getchannel("A")) > 127
    paper = _paper_for(np.asarray(image.convert("RGB").convert("L")), opaque) if opaque.any() else 255
    sheet = Image.new("RGBA", image.size, (paper, paper, paper, 255))
    sheet.alpha_composite(image)
    return sheet.convert("RGB")


def _paper_for(shades: np.ndarray, opaque: np.ndarray) -> int:
    """Return the grey to put under a picture, from its shades (H×W uint8) and where it is opaque (H×W bool).

    A picture that fills most of its own box and has marks of another shade is a sheet, cut out or with round
    corners: its paper is continued. Everything else is ink (or a sheet with the ink cut out), and its paper
    is the shade that contrasts with it.
    """
    inside = shades[opaque]
    middle = float(np.median(inside))
    marked = np.mean(np.abs(inside - middle) > 64) > 0.002
    rows, columns = np.nonzero(opaque.any(axis=1))[0], np.nonzero(opaque.any(axis=0))[0]
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if marked and len(inside) > 0.5 * box:
        return int(middle)
    return 255 if inside.mean() < 128 else 0


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # a damaged orientation tag does not make the picture unreadable
        return 1


_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTER_TURNS = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:100].strip()
