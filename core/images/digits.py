"""From a picture to its digits: find the ink, cut out each glyph, bring it to MNIST's own convention.

The steps: grey → paper estimated and divided out → ink → rulings removed → connected pieces → glyphs in
reading order → 28×28. All sizes are relative to the picture, to its strokes or to its glyphs.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from core.images import lines, pieces
from core.images.decode import Picture
from core.images.ink import Ink, find_ink
from core.images.normalise import to_mnist

MAX_GLYPHS = 500


@dataclass(frozen=True)
class Glyph:
    """One digit (or whatever it is) as the networks get it."""

    pixels: np.ndarray  # 28×28 uint8, light ink on black
    box: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the upright original
    line: int  # of text, counted from 0


@dataclass(frozen=True)
class Step:
    """A station on the road from the picture to its glyphs, for people to look at."""

    title: str
    image: Image.Image


@dataclass(frozen=True)
class Reading:
    """What was found, in reading order, and how."""

    glyphs: tuple[Glyph, ...]
    steps: tuple[Step, ...]


def find_digits(picture: Picture) -> Reading:
    """The glyphs of a picture in reading order; none where there is no ink that stands out from its paper."""
    rgb = np.asarray(picture.image)
    ink = find_ink(rgb)
    mask = lines.without_rulings(ink.mask)
    found = pieces.find_glyphs(mask, ink.strength)[:MAX_GLYPHS]
    scale = picture.size[0] / picture.image.width
    glyphs = tuple(
        Glyph(to_mnist(cut), tuple(round(edge * scale) for edge in piece.box), piece.line)  # type: ignore[arg-type]
        for piece in found
        if (cut := _cut(ink, piece)) is not None
    )
    return Reading(glyphs, _steps(picture.image, ink, found))


def _cut(ink: Ink, piece: pieces.Piece) -> np.ndarray | None:
    """The strength of the piece's own ink within its box, neighbours left out; None if nothing is left."""
    left, top, right, bottom = piece.box
    strength = ink.strength[top:bottom, left:right]
    # The soft edge of a stroke lies just outside the mask, and belongs to it.
    own = cv2.dilate(piece.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    cut = np.where(own, strength, 0.0)
    return cut if cut.any() else None


def _steps(image: Image.Image, ink: Ink, found: list[pieces.Piece]) -> tuple[Step, ...]:
    boxes = image.copy()
    draw = ImageDraw.Draw(boxes)
    width = max(2, image.width // 250)
    for piece in found:
        left, top, right, bottom = piece.box
        draw.rectangle((left, top, right - 1, bottom - 1), outline=(99, 102, 241), width=width)
    paper = Image.fromarray(255 - np.round(255 * ink.strength).astype(np.uint8))
    stations = (("As uploaded", image), ("Paper removed", paper), ("Digits found", boxes))
    return tuple(Step(title, _preview(station)) for title, station in stations)


def _preview(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((480, 480))
    return small
