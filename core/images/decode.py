"""From untrusted bytes to one upright RGB image, or a clear error."""

from __future__ import annotations

import io
import math
import threading
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from core.errors import ImageError

# Formats that Pillow decodes itself. Left out are those that start other programs (EPS), unpack what was
# compressed without a bound (FITS), or are known by no mark, so that any text could be one (XVTHUMB, SPIDER).
# MPO, the phones' pair of JPEGs, is opened as JPEG: asking for it by name makes Pillow raise KeyError.
FORMATS = (
    "PNG", "JPEG", "WEBP", "TIFF", "BMP", "DIB", "GIF", "AVIF", "PPM", "ICO", "CUR", "ICNS", "TGA", "PCX",
    "DCX", "JPEG2000", "QOI", "SGI", "SUN", "PSD", "DDS", "IM", "MSP", "XBM",
)  # fmt: skip
MAX_BYTES = 64 * 2**20
MAX_SIDE = 65_500  # JPEG's own limit
MAX_PIXELS = 52_000_000  # phones take up to 50 million; Pillow holds them in 200 MB
MAX_JPEG_PIXELS = 110_000_000  # JPEG is decoded at a half, a quarter or an eighth of its size
# The decoders of these keep the picture several times over, as floats or as planes of 16 bits.
MAX_HUNGRY_PIXELS = {"AVIF": 26_000_000, "JPEG2000": 12_000_000}
MAX_PYTHON_PIXELS = 3_000_000  # some rare codecs are written in Python, and take a microsecond a pixel
MAX_SCANNED_PIXELS = 2_000_000_000  # over all scans of a progressive JPEG: a second's work
WORKING_PIXELS = 2_400_000  # a page of 100 digits keeps some 60 pixels for each

# One picture at a time: that bounds the memory, and Python's filter of warnings belongs to all threads.
_DECODING = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A decoded picture."""

    image: Image.Image  # RGB, upright, at most about WORKING_PIXELS
    size: tuple[int, int]  # width and height of the upright original, for boxes in its pixels
    format: str


def decode(data: bytes, name: str = "") -> Picture:
    """The picture in a file's bytes: first frame, upright, flattened to RGB, reduced if it is large.

    Raises:
        ImageError: when the bytes are no picture, a damaged one, or one too large to decode.
    """
    name = _printable(name) or "The file"
    if not data:
        raise ImageError(f"{name} is empty; choose another file.")
    if len(data) > MAX_BYTES:
        raise ImageError(f"{name} has over {MAX_BYTES >> 20} MB; save it smaller and try again.")
    try:
        with _DECODING, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is bounded or repaired here
            return _decode(data, name)
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large(name)) from error
    except Image.UnidentifiedImageError as error:
        raise ImageError(_unknown(name, data)) from error
    except Exception as error:  # Pillow's decoders raise all sorts on damaged files
        raise ImageError(
            f"{name} is damaged, cut short or of a rare kind; save it as PNG or JPEG and try again."
        ) from error


def _decode(data: bytes, name: str) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _check_size(image, data, name)
        original = _drafted(image)
        loaded = _loaded(image, data)
        size = original or image.size
        turn = _TURNS.get(_orientation(image))
        rgb = to_rgb(_reduced(loaded))
        if turn is not None:
            rgb = rgb.transpose(turn)
        return Picture(rgb, size[::-1] if turn in _ON_THE_SIDE else size, image.format or "")


def _check_size(image: Image.Image, data: bytes, name: str) -> None:
    pixels = image.width * image.height
    if pixels > _most_pixels(image) or max(image.size) > MAX_SIDE:
        raise ImageError(_too_large(name))
    if _is_jpeg(image) and data.count(b"\xff\xda") * pixels > MAX_SCANNED_PIXELS:
        raise ImageError(_too_large(name))
    if min(image.size) < 1:
        raise ImageError(f"{name} has no pixels; choose another file.")


def _most_pixels(image: Image.Image) -> int:
    if any(tile[0] in Image.DECODERS for tile in getattr(image, "tile", ())):
        return MAX_PYTHON_PIXELS
    return MAX_JPEG_PIXELS if _is_jpeg(image) else MAX_HUNGRY_PIXELS.get(image.format or "", MAX_PIXELS)


def _is_jpeg(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO")


def _drafted(image: Image.Image) -> tuple[int, int] | None:
    """Asks a JPEG's or JPEG 2000's decoder for a smaller copy, and then returns the original's size."""
    size, scale = image.size, _working_scale(image.size)
    if image.format == "JPEG2000":
        image.reduce = math.floor(-math.log2(scale))  # type: ignore[method-assign, assignment]
        return size
    if not _is_jpeg(image):
        return None
    image.draft(None, (math.ceil(size[0] * scale), math.ceil(size[1] * scale)))
    return size


def _loaded(image: Image.Image, data: bytes) -> Image.Image:
    """The picture with its pixels, perhaps fewer of them; WebP by OpenCV, in a third of the memory.

    Pillow's decoder is the one for animations, and keeps two canvases with transparency besides the picture.
    """
    if image.format != "WEBP" or image.mode != "RGB" or getattr(image, "is_animated", False):
        image.load()
        return image
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise OSError("broken WebP data")
    scale = _working_scale(image.size)
    if scale < 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def _reduced(image: Image.Image) -> Image.Image:
    """At most WORKING_PIXELS; before all conversions, so that they take little memory."""
    scale = _working_scale(image.size)
    if scale == 1.0:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if _is_deep(image):
        values = np.asarray(image)
        values = values if values.dtype in (np.uint16, np.float32) else values.astype(np.float32)
        return Image.fromarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA).astype(np.float32))
    if image.mode in ("1", "P", "PA") or "transparency" in image.info:  # indices have no mean
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _working_scale(size: tuple[int, int]) -> float:
    return min(1.0, math.sqrt(WORKING_PIXELS / (size[0] * size[1])))


def to_rgb(image: Image.Image) -> Image.Image:
    """Any of Pillow's modes as RGB, with transparency laid on a paper that shows the ink."""
    if _is_deep(image):
        return Image.fromarray(_to_8_bits(np.asarray(image))).convert("RGB")
    if image.mode == "LAB":
        return image.getchannel("L").convert("RGB")
    if image.has_transparency_data:
        return _on_paper(image.convert("RGBA"))
    return image.convert("RGB")


def _is_deep(image: Image.Image) -> bool:
    return image.mode.startswith("I") or image.mode == "F"


def _to_8_bits(values: np.ndarray) -> np.ndarray:
    """Levels of 16 or 32 bits or floats as 0 to 255; Pillow's own conversion would cut them off at 255.

    The full range is that of the smallest common depth that holds the values, since 0 then is black and light
    stays a factor; values that use little of it are stretched between their least and their greatest.
    """
    values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    least, greatest = float(values.min()), float(values.max())
    depth = next((d for d in (1, 255, 1023, 4095, 16383, 65535) if greatest <= d), greatest)
    if least < 0 or greatest - least < depth / 8:
        values, depth = values - least, greatest - least
    return np.round(values * (255 / max(depth, 1e-30))).clip(0, 255).astype(np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    """An RGBA picture on the grey that shows it best."""
    opaque = np.asarray(image.getchannel("A")) > 127
    paper = _paper_for(np.asarray(image.convert("RGB").convert("L")), opaque) if opaque.any() else 255
    sheet = Image.new("RGBA", image.size, (paper, paper, paper, 255))
    sheet.alpha_composite(image)
    return sheet.convert("RGB")


def _paper_for(shades: np.ndarray, opaque: np.ndarray) -> int:
    """The grey to lay under a picture, from its shades (H×W uint8) and where it is opaque (H×W bool).

    What fills most of its own box and has ink of another shade on it is a sheet, cut out or with round
    corners: its paper goes on. All else is ink (or a sheet with the ink cut out): paper is what contrasts.
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
    except Exception:  # a damaged note of how the camera was held is no reason to refuse the picture
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
_ON_THE_SIDE = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))


def _too_large(name: str) -> str:
    return f"{name} has too many pixels to be read safely; save it smaller and try again."


def _unknown(name: str, data: bytes) -> str:
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return f"{name} is a HEIC photo, which cannot be read here; share or save it as JPEG."
    return f"{name} is not a picture in a known format; save it as PNG or JPEG."


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:100].strip()
