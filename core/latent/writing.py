"""Numbers in a generator's handwriting."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.errors import ConfigError
from core.inference.generator import Generator

MOST_CHARACTERS = 24
DIGITS = tuple("0123456789")
INK = 8  # a column whose brightest pixel is darker than this is empty


def labels_of(text: str, classes: tuple[str, ...]) -> list[int | None]:
    """The class of each character of a number; None for a space.

    Raises:
        ConfigError: when there is nothing to write, too much, or something that is no digit.
    """
    text = text.strip()
    if classes != DIGITS:
        raise ConfigError("This generator draws no digits; choose one that does.")
    if not text:
        raise ConfigError("Type a number to be written.")
    if len(text) > MOST_CHARACTERS:
        raise ConfigError(f"At most {MOST_CHARACTERS} characters can be written; this is {len(text)}.")
    if any(character not in DIGITS and character != " " for character in text):
        raise ConfigError("Only the digits 0 to 9 and spaces can be written; leave out everything else.")
    return [DIGITS.index(character) if character in DIGITS else None for character in text]


def write(generator: Generator, text: str, seed: int, one_hand: bool, scale: float = 1.0) -> Image.Image:
    """A number as black ink on nothing (RGBA), as high as the generator's images.

    In one hand all digits share most of their latent point; each still has a part of its own, so that
    two equal digits are not copies.

    Raises:
        ConfigError: see ``labels_of``.
    """
    labels = labels_of(text, generator.card.classes)
    drawn = [label for label in labels if label is not None]
    own = generator.latent(len(drawn) + 1, seed)
    latent = (0.92 * own[0] + np.sqrt(1 - 0.92**2) * own[1:]) if one_hand else own[1:]
    images = iter(generator.draw(np.array(drawn), scale * latent)[..., 0])
    space = np.zeros((generator.card.shape[0], generator.card.shape[1] // 2), np.uint8)
    ink = np.concatenate([space if label is None else _trimmed(next(images)) for label in labels], axis=1)
    return Image.fromarray(np.stack([np.zeros_like(ink)] * 3 + [ink], axis=-1))


def _trimmed(image: np.ndarray, gap: int = 2) -> np.ndarray:
    """The columns that hold ink, and ``gap`` empty ones on either side."""
    columns = np.flatnonzero(image.max(axis=0) > INK)
    inked = image[:, columns[0] : columns[-1] + 1] if len(columns) else image
    return np.pad(inked, ((0, 0), (gap, gap)))
