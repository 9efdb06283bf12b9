"""From untrusted bytes to one upright RGB image, or a clear error."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.errors import ImageError

# Formats that Pillow decodes itself. EPS and the like are left out, because they start other programs.
# MPO, the phones' pair of JPEGs, is opened as JPEG: asking for it by name makes Pillow raise KeyError.
FORMATS = (
    "PNG", "JPEG", "WEBP", "TIFF", "BMP", "DIB", "GIF", "AVIF", "PPM", "ICO", "TGA", "PCX", "JPEG2000",
    "QOI", "SGI", "XBM",
)  # fmt: skip
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 30_000_000  # decoded, these take 90 MB; what a free host can spare for a moment
MAX_JPEG_PIXELS = 110_000_000  # JPEG is decoded at a half, a quarter or an eighth of its size
MAX_SIDE = 32_768
WORKING_PIXELS = 2_400_000  # a page of 100 digits keeps some 60 pixels for each


@dataclass(frozen=True)
class Picture:
    """A decoded picture."""

    image: Image.Image  # RGB, upright, at most WORKING_PIXELS
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is bounded or repaired here
            return _decode(data, name)
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large(name)) from error
    except Image.UnidentifiedImageError as error:
        raise ImageError(f"{name} is not a picture in a known format; save it as PNG or JPEG.") from error
    except Exception as error:  # Pillow's decoders raise all sorts on damaged files
        raise ImageError(f"{name} is damaged or cut short; save it again and try once more.") from error


def _decode(data: bytes, name: str) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        kind = image.format or ""
        _check_size(image, name)
        size = _upright_size(image)
        if kind in ("JPEG", "MPO"):
            scale = _working_scale(image.size)
            image.draft("RGB", (math.ceil(image.width * scale), math.ceil(image.height * scale)))
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(_too_large(name))
        image.load()
        return Picture(_upright(_reduced(to_rgb(image)), image), size, kind)


def _check_size(image: Image.Image, name: str) -> None:
    most = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
    if image.width * image.height > most or max(image.size) > MAX_SIDE:
        raise ImageError(_too_large(name))
    if min(image.size) < 1:
        raise ImageError(f"{name} has no pixels; choose another file.")


def to_rgb(image: Image.Image) -> Image.Image:
    """Any of Pillow's modes as RGB, with transparency laid on a paper that shows the ink."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_to_8_bits(np.asarray(image))).convert("RGB")
    if image.mode == "LAB":
        return image.getchannel("L").convert("RGB")
    if image.has_transparency_data:
        return _on_paper(image.convert("RGBA"))
    return image.convert("RGB")


def _to_8_bits(values: np.ndarray) -> np.ndarray:
    """Levels of 16 or 32 bits or floats as 0 to 255; Pillow's own conversion would cut them off at 255."""
    values = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    values = values - min(values.min(), 0.0)
    # The depth is the smallest common one that holds the values: 8, 10, 12, 14 or 16 bits, or what there is.
    depths = [1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0]
    top = next((depth for depth in depths if values.max() <= depth), values.max())
    return np.round(values / max(top, 1e-12) * 255).astype(np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    """A picture with transparency on the grey that shows it best.

    If what is opaque is all of one shade, it is the ink, and paper is what contrasts with it; otherwise the
    opaque part has its own paper, which is its commonest shade.
    """
    small = image.copy()
    small.thumbnail((256, 256), Image.Resampling.NEAREST)
    pixels = np.asarray(small)
    shades = np.asarray(small.convert("RGB").convert("L"))[pixels[..., 3] > 127]
    paper = _paper_for(shades) if len(shades) else 255
    sheet = Image.new("RGBA", image.size, (paper, paper, paper, 255))
    sheet.alpha_composite(image)
    return sheet.convert("RGB")


def _paper_for(shades: np.ndarray) -> int:
    dark, middle, light = np.percentile(shades, [5, 50, 95])
    if light - dark < 64:
        return 255 if middle < 128 else 0
    return int(np.bincount(shades // 16, minlength=16).argmax() * 16 + 8)


def _working_scale(size: tuple[int, int]) -> float:
    return min(1.0, math.sqrt(WORKING_PIXELS / (size[0] * size[1])))


def _reduced(image: Image.Image) -> Image.Image:
    scale = _working_scale(image.size)
    if scale == 1.0:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _upright(image: Image.Image, original: Image.Image) -> Image.Image:
    """Turned as the camera says; a damaged note of it is no reason to refuse the picture."""
    method = _TURNS.get(_orientation(original))
    return image.transpose(method) if method is not None else image


def _upright_size(image: Image.Image) -> tuple[int, int]:
    on_its_side = _orientation(image) in (5, 6, 7, 8)
    return (image.height, image.width) if on_its_side else image.size


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # EXIF is as damaged as any other part may be
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


def _too_large(name: str) -> str:
    return f"{name} has too many pixels to be read safely; save it smaller and try again."


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:100].strip()
