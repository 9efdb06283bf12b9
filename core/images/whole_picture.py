"""Bring a picture to the size, colours and polarity that a network reads, without looking for glyphs."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from core.contract.preprocessing import AS_IS, DARK_ON_LIGHT, Preprocessing


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
