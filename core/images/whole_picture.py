"""Bring a picture to the size, colours and polarity that a network reads, without looking for glyphs."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from core.contract.preprocessing import AS_IS, DARK_ON_LIGHT, Preprocessing

EVEN = 30.0  # levels; a margin that varies more is not one background
UNLIKE = 40  # levels between the background and what is shown on it
BORDER = 0.04  # of the side that is left free on each side of what is shown


def framed(image: Image.Image) -> Image.Image:
    """Return what an RGB picture shows on an even background, in the middle of a square of that colour.

    So a tall or wide thing is not cut. A picture without an even background is returned as it is.
    """
    pixels = np.asarray(image).astype(np.int16)
    margin = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(margin, axis=0)
    if np.abs(margin - background).max(axis=1).mean() > EVEN:
        return image
    shown = np.abs(pixels - background).max(axis=2) > UNLIKE
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not len(rows):
        return image
    cut = image.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    side = round(max(cut.size) * (1 + 2 * BORDER))
    square = Image.new("RGB", (side, side), tuple(int(level) for level in background))
    square.paste(cut, ((side - cut.width) // 2, (side - cut.height) // 2))
    return square


def whole_picture(image: Image.Image, wanted: Preprocessing) -> np.ndarray:
    """Return the middle of an RGB picture as H×W×C uint8.

    A margin (the outermost pixels) of the wrong brightness is taken for paper, and the picture is inverted.
    """
    fitted = fit(image, wanted)
    grey = np.asarray(fitted.convert("L"))
    pixels = np.asarray(fitted) if wanted.channels == 3 else grey[..., None]
    if wanted.polarity == AS_IS:
        return pixels
    margin = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    on_light = bool(np.median(margin) > 127)
    return 255 - pixels if on_light != (wanted.polarity == DARK_ON_LIGHT) else pixels


def fit(image: Image.Image, wanted: Preprocessing) -> Image.Image:
    """Return a picture cut to the wanted proportions and share of its middle, then resized."""
    return ImageOps.fit(
        image,
        (wanted.width, wanted.height),
        Image.Resampling[wanted.interpolation.upper()],
        bleed=(1 - wanted.crop) / 2,
    )
