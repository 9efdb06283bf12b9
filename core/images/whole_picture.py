"""A whole picture as a network wants it that does not read digits: clothing, photographs."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from core.images.decode import Picture


def whole(picture: Picture, shape: tuple[int, int, int]) -> np.ndarray:
    """The picture's middle, scaled to ``shape`` (H×W×C): uint8, colours for three channels, grey for one.

    Grey pictures follow Fashion-MNIST's convention, light things on black: a light margin is taken for paper
    and turned dark.
    """
    height, width, channels = shape
    fitted = ImageOps.fit(picture.image, (width, height), Image.Resampling.BOX)
    if channels == 3:
        return np.asarray(fitted)
    grey = np.asarray(fitted.convert("L"))
    margin = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return (255 - grey if np.median(margin) > 127 else grey)[..., None]
