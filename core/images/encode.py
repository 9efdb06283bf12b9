"""Turn images into files (PNG, GIF, WebP, ZIP, NPZ) and data URLs, and read data URLs."""

from __future__ import annotations

import base64
import io
import zipfile

import numpy as np
from PIL import Image

from core.images.grid import grid


def from_pixels(pixels: np.ndarray) -> Image.Image:
    """Return the image of pixels, H×W, H×W×1, H×W×3 or H×W×4 uint8."""
    return Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)


def png(image: Image.Image) -> bytes:
    """Return the image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def gif(images: np.ndarray, scale: int = 1, milliseconds: int = 50) -> bytes:
    """Return images (N×H×W or N×H×W×C uint8) as an endless animation in a GIF file.

    Images in colour share 256 colours: a palette for each takes 17 s for 60 frames of 512×512 pixels, the
    shared one 0.7 s.
    """
    frames = [grid(image[None], scale=scale) for image in images]
    if frames[0].mode == "RGB":
        shared = _palette(images)
        frames = [frame.quantize(palette=shared, dither=Image.Dither.NONE) for frame in frames]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0, disposal=1
    )
    return buffer.getvalue()


def _palette(images: np.ndarray) -> Image.Image:
    """Return an image whose palette suits images (N×H×W×3 uint8), chosen on a part of their pixels."""
    frames, pixels = (max(1, size // most) for size, most in zip(images.shape, (12, 128), strict=False))
    few = images[::frames, ::pixels, ::pixels]
    return Image.fromarray(few.reshape(-1, *few.shape[2:])).quantize(256, method=Image.Quantize.MEDIANCUT)


def webp(images: np.ndarray, milliseconds: int = 50, *, lossless: bool = True) -> bytes:
    """Return images (N×H×W or N×H×W×C uint8) as an endless animation in a WebP file.

    Without ``lossless`` the file of smooth images is a tenth as large, and looks the same.
    """
    frames = [grid(image[None]).convert("RGB") for image in images]
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=milliseconds,
        loop=0,
        lossless=lossless,
        quality=0 if lossless else 85,
        method=0,
    )
    return buffer.getvalue()


def zipped(images: np.ndarray, names: list[str], scale: int = 1) -> bytes:
    """Return images (N×H×W×C uint8) as PNG files of these names (without ``.png``) in a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: PNG is deflated already
        for image, name in zip(images, names, strict=True):
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), png(grid(image[None], scale=scale)))
    return buffer.getvalue()


def arrays(**values: np.ndarray) -> bytes:
    """Return arrays by name as an NPZ file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **values)
    return buffer.getvalue()


def data_url(image: Image.Image | np.ndarray, *, jpeg: bool = False) -> str:
    """Return an image as an address that HTML and tables show without a request.

    An array is as for ``from_pixels``. The format is PNG, compressed fast rather than well; with ``jpeg``,
    which a photograph wants, JPEG of quality 80.
    """
    if isinstance(image, np.ndarray):
        image = from_pixels(image)
    buffer = io.BytesIO()
    if jpeg:
        image.save(buffer, "JPEG", quality=80)
    else:
        image.save(buffer, "PNG", compress_level=1)
    kind = "jpeg" if jpeg else "png"
    return f"data:image/{kind};base64," + base64.b64encode(buffer.getvalue()).decode()


def from_data_url(url: object, beginning: str, longest: int) -> bytes | None:
    """Return the file in a data URL; None for anything else. Untrusted: it comes from a browser.

    Args:
        url: what the browser sent.
        beginning: of the URL, such as ``data:image/png;base64,``.
        longest: the most characters that are read.
    """
    if not isinstance(url, str) or not url.startswith(beginning) or len(url) > longest:
        return None
    try:
        return base64.b64decode(url[url.index(";base64,") + len(";base64,") :], validate=True)
    except ValueError:  # not marked as base64, not base64, or not ASCII
        return None
