"""Put small pictures side by side into one."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pages.parts.shared.picture_urls import enlarged

GAP = 2  # columns of grey between two pictures
GREY = 128


def picture_strip(pictures: np.ndarray) -> Image.Image:
    """Return grey pictures (N×H×W×1 uint8) side by side, enlarged twice."""
    count, height = pictures.shape[:2]
    gaps = np.full((count, height, GAP, 1), GREY, np.uint8)
    columns = np.concatenate([pictures, gaps], axis=2)
    return enlarged(np.concatenate(list(columns), axis=1)[:, :-GAP], 2)
