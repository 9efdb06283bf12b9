"""Keep in a bundle what its generator drew at some steps of its training, as one picture.

Whole generators of these steps would take a megabyte each. The picture has a row for each step, with an image
of every class, always at the same latent points: the first ones of the training's seed. It is compressed with
loss (WebP), because the noise of the first steps would take as much space as the generator.
"""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from core.bundles.bundle import EARLY_IMAGES, Bundle, read_card, sha256, write_card
from core.images.grid import grid

QUALITY = 92  # of WebP


@dataclass(frozen=True, eq=False)
class EarlyImages:
    """Images of the same classes and latent points at several steps."""

    steps: tuple[int, ...]
    images: np.ndarray  # steps×classes×H×W×C uint8


def add_early_images(folder: Path, early: EarlyImages) -> None:
    """Write the images into the bundle in a folder, and name them in its card.

    Raises:
        BundleError: when there is no bundle.
        OSError: when the folder may not be written to.
    """
    classes = early.images.shape[1]
    picture = grid(early.images.reshape(-1, *early.images.shape[2:]), columns=classes, gap=0)
    picture.save(folder / EARLY_IMAGES, "WEBP", quality=QUALITY, method=6)
    card = read_card(folder)
    files = card.files | {EARLY_IMAGES: sha256(folder / EARLY_IMAGES)}
    write_card(folder, dataclasses.replace(card, files=files, early_steps=early.steps))


def read_early_images(bundle: Bundle) -> EarlyImages | None:
    """Return the images in a bundle; None where it has none, or not those that its card names."""
    if EARLY_IMAGES not in bundle.card.files:
        return None
    steps, (height, width, channels) = bundle.card.early_steps, bundle.card.shape
    with Image.open(io.BytesIO((bundle.folder / EARLY_IMAGES).read_bytes())) as opened:
        sheet = np.asarray(opened.convert("RGB" if channels == 3 else "L"))
    classes = sheet.shape[1] // width
    if not steps or sheet.shape[:2] != (len(steps) * height, classes * width):
        return None
    cells = sheet.reshape(len(steps), height, classes, width, channels)
    return EarlyImages(steps, cells.transpose(0, 2, 1, 3, 4))
