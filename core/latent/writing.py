"""Write numbers in a generator's handwriting."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from core.contract.dataset_info import DIGITS
from core.errors import ConfigError
from core.inference.generator import Generator

MOST_CHARACTERS = 24
SIGNS = {
    "+": (((0, 0.5), (1, 0.5)), ((0.5, 0), (0.5, 1))),
    "-": (((0, 0.5), (1, 0.5)),),
}  # strokes in a unit box
PEN = 2.4  # pixels; about as thick as the digits of MNIST
INK = 8  # a column whose brightest pixel is darker than this is empty


def labels_of(text: str, classes: tuple[str, ...]) -> list[int | str]:
    """Return the class of each character of a number, and spaces, + and - as they are.

    Raises:
        ConfigError: when the generator draws no digits, or the text is empty, too long, or not a number.
    """
    text = text.strip()
    if not set(DIGITS) <= set(classes):
        raise ConfigError("latent.no_digits")
    if not text:
        raise ConfigError("latent.nothing_to_write")
    if len(text) > MOST_CHARACTERS:
        raise ConfigError("latent.text_too_long", most=MOST_CHARACTERS, count=len(text))
    if any(character not in (*DIGITS, *SIGNS, " ") for character in text):
        raise ConfigError("latent.not_a_number")
    return [classes.index(character) if character in DIGITS else character for character in text]


def write(generator: Generator, text: str, seed: int, one_hand: bool, scale: float = 1.0) -> Image.Image:
    """Return a number as black ink on a transparent ground (RGBA), as high as the generator's images.

    The app draws the signs, which no generator learnt. With ``one_hand`` all digits share most of their
    latent point; the rest is each digit's own, so that two equal digits are not copies.

    Raises:
        ConfigError: see ``labels_of``.
    """
    labels = labels_of(text, generator.card.classes)
    drawn = [label for label in labels if isinstance(label, int)]
    own = generator.latent(len(drawn) + 1, seed)
    latent = (0.92 * own[0] + np.sqrt(1 - 0.92**2) * own[1:]) if one_hand else own[1:]
    images = iter(generator.draw(np.array(drawn, int), np.float32(scale) * latent)[..., 0])
    height = generator.card.shape[0]
    parts = [_trimmed(next(images) if isinstance(label, int) else _sign(label, height)) for label in labels]
    ink = np.concatenate(parts, axis=1)
    return Image.fromarray(np.stack([np.zeros_like(ink)] * 3 + [ink], axis=-1))


def _sign(sign: str, height: int, finer: int = 8) -> np.ndarray:
    """Return a sign in the middle of the line, or for a space an empty column half as wide as high."""
    width = height // 2
    sheet = Image.new("L", (width * finer, height * finer))
    pen, box, left, top = PEN * finer, 0.36 * height * finer, 0.07 * height * finer, 0.34 * height * finer
    for ends in SIGNS.get(sign, ()):
        points = [(left + box * x, top + box * y) for x, y in ends]
        ImageDraw.Draw(sheet).line(points, 255, round(pen))
        for x, y in points:
            ImageDraw.Draw(sheet).circle((x, y), pen / 2, 255)
    return np.asarray(sheet.resize((width, height), Image.Resampling.BOX))


def _trimmed(image: np.ndarray, gap: int = 2) -> np.ndarray:
    """Return the columns from the first with ink to the last, and ``gap`` empty ones on either side."""
    columns = np.flatnonzero(image.max(axis=0) > INK)
    inked = image[:, columns[0] : columns[-1] + 1] if len(columns) else image
    return np.pad(inked, ((0, 0), (gap, gap)))
