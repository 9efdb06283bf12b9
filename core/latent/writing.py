"""Write numbers in a generator's handwriting."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from core.contract.dataset_info import DIGITS
from core.errors import ConfigError
from core.inference.generator import Generator

MOST_CHARACTERS = 160
LINE = 16  # characters; longer lines are wrapped, so that a digit is large enough to read on a phone
TAB = 4  # spaces


def _arc(side: int) -> tuple[tuple[float, float], ...]:
    """Return points of a parenthesis that opens to the right (side 1) or to the left (-1)."""
    angles = np.linspace(-1.1, 1.1, 12)
    return tuple((0.5 + side * (0.75 - 0.6 * np.cos(a)), 0.5 + 0.95 * np.sin(a)) for a in angles)


# Strokes in a box in the middle of the line; y grows downwards, and the digits stand at 1.25.
SIGNS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "+": (((0, 0.5), (1, 0.5)), ((0.5, 0), (0.5, 1))),
    "-": (((0, 0.5), (1, 0.5)),),
    "=": (((0, 0.3), (1, 0.3)), ((0, 0.75), (1, 0.75))),
    "/": (((0.1, 1.25), (0.9, -0.25)),),
    ".": (((0.5, 1.25), (0.5, 1.25)),),
    ",": (((0.55, 1.2), (0.4, 1.5)),),
    ":": (((0.5, 0.1), (0.5, 0.1)), ((0.5, 1.1), (0.5, 1.1))),
    "(": (_arc(1),),
    ")": (_arc(-1),),
}
PEN = 2.4  # pixels; about as thick as the digits of MNIST
INK = 8  # a column whose brightest pixel is darker than this is empty
# Full-width forms as keyboards for Chinese and Japanese type them, and signs that look like the ones above.
_ALIKE: dict[int, str | int | None] = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    ord(c): "-" for c in "−–—‐‑"
}
_ALIKE |= {0x3000: " ", ord("\t"): " " * TAB, ord("\r"): None}


@dataclass(frozen=True)
class Written:
    """A picture of a number, and what could not be written."""

    picture: Image.Image  # RGBA: black ink on a transparent ground
    left_out: str  # each character once


def lines_of(text: str) -> tuple[list[str], str]:
    """Return the lines that can be written, of digits, signs and spaces, and the characters left out.

    Full-width characters are taken for the usual ones; lines longer than ``LINE`` are wrapped.

    Raises:
        ConfigError: when there is too much text, or nothing in it can be written.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConfigError("latent.text_too_long", most=MOST_CHARACTERS, count=len(text))
    plain = text.translate(_ALIKE)
    left_out = "".join(dict.fromkeys(c for c in plain if not _is_written(c) and c not in " \n"))
    kept = "".join(c for c in plain if _is_written(c) or c in " \n").strip()
    if not kept:
        if left_out:
            raise ConfigError("latent.not_a_number")
        raise ConfigError("latent.nothing_to_write")
    return [line for one in kept.split("\n") for line in _wrapped(one)], left_out


def write(generator: Generator, text: str, seed: int, one_hand: bool, scale: float = 1.0) -> Written:
    """Write a number, each of its lines as high as the generator's images.

    The app draws the signs, which no generator learnt. With ``one_hand`` all digits share most of their
    latent point; the rest is each digit's own, so that two equal digits are not copies.

    Raises:
        ConfigError: when the generator draws no digits; see ``lines_of``.
    """
    classes = generator.card.classes
    if not set(DIGITS) <= set(classes):
        raise ConfigError("latent.no_digits")
    lines, left_out = lines_of(text)
    labels = [classes.index(character) for line in lines for character in line if character in DIGITS]
    own = generator.latent(len(labels) + 1, seed)
    latent = (0.92 * own[0] + np.sqrt(1 - 0.92**2) * own[1:]) if one_hand else own[1:]
    images = iter(generator.draw(np.array(labels, int), np.float32(scale) * latent)[..., 0])
    height = generator.card.shape[0]
    ink = _stacked(
        [
            np.concatenate(
                [_trimmed(next(images)) if c in DIGITS else _sign(c, height) for c in line], axis=1
            )
            for line in lines
        ]
    )
    return Written(Image.fromarray(np.stack([np.zeros_like(ink)] * 3 + [ink], axis=-1)), left_out)


def _is_written(character: str) -> bool:
    return character in DIGITS or character in SIGNS


def _wrapped(line: str) -> Iterable[str]:
    """Return a line in parts of at most ``LINE`` characters, at spaces if it has some; at least one space."""
    return textwrap.wrap(line, LINE, drop_whitespace=True) or [" "]


def _stacked(lines: list[np.ndarray]) -> np.ndarray:
    """Return lines (H×W each) below each other, all beginning at the left."""
    width = max(line.shape[1] for line in lines)
    return np.concatenate([np.pad(line, ((0, 0), (0, width - line.shape[1]))) for line in lines])


def _sign(sign: str, height: int, finer: int = 8) -> np.ndarray:
    """Return a sign in the middle of the line, or for a space an empty column half as wide as high."""
    width = height // 2
    sheet = Image.new("L", (width * finer, height * finer))
    pen, box, left, top = PEN * finer, 0.36 * height * finer, 0.07 * height * finer, 0.34 * height * finer
    for stroke in SIGNS.get(sign, ()):
        points = [(left + box * x, top + box * y) for x, y in stroke]
        ImageDraw.Draw(sheet).line(points, 255, round(pen), joint="curve")
        for x, y in (points[0], points[-1]):
            ImageDraw.Draw(sheet).circle((x, y), pen / 2, 255)
    return np.asarray(sheet.resize((width, height), Image.Resampling.BOX))


def _trimmed(image: np.ndarray, gap: int = 2) -> np.ndarray:
    """Return the columns from the first with ink to the last, and ``gap`` empty ones on either side."""
    columns = np.flatnonzero(image.max(axis=0) > INK)
    inked = image[:, columns[0] : columns[-1] + 1] if len(columns) else image
    return np.pad(inked, ((0, 0), (gap, gap)))
