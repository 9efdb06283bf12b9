"""Find the digits in a picture: find the ink, cut out each glyph, and convert it to MNIST's format.

The steps: grey → paper estimated and divided out → ink → rulings removed → connected pieces → glyphs in
reading order → 28×28. All sizes are relative to the picture, to its strokes or to its glyphs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from core.images import components, rulings
from core.images.decode import Picture
from core.images.ink import Ink, find_ink, thumbnail_ink
from core.images.letter_dots import dotted
from core.images.normalise import normalise
from core.language import N_

MAX_GLYPHS = 500
THUMBNAIL_SIDE = 40  # pixels; a picture no larger than this shows one glyph that was cut out before
MARK_SIDE = 200  # pixels, to which a long mark is reduced before it is converted as a glyph
STRIP, STRIP_SCALE = 1.5, 6  # of a small strip of digits: width in its heights, and how it is enlarged
PREVIEW_SIDE = 480
BOX_COLOUR = (99, 102, 241)


@dataclass(frozen=True)
class Glyph:
    """One glyph as the networks get it."""

    pixels: np.ndarray  # 28×28 uint8, light ink on black
    box: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the upright original
    line: int  # the line of text that it belongs to, from 0
    dotted: Glyph | None = None  # with the dot above it, for networks that know letters
    starts_word: bool = False  # a gap between words precedes it; only networks that know letters ask


@dataclass(frozen=True)
class LeftOut:
    """Ink that was left out of the reading."""

    kind: str  # RULING, SPECK, FAINT, EDGE or SEPARATOR of core.images.components
    glyph: Glyph  # as the networks would get it


@dataclass(frozen=True)
class Step:
    """A step from the picture to its glyphs, as an image for visitors."""

    title: str  # shown by gettext
    image: Image.Image


@dataclass(frozen=True)
class Reading:
    """Glyphs that were found, in reading order, the steps that led to them, and what was left out."""

    glyphs: tuple[Glyph, ...]
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...] = ()
    specks: int = 0  # left out too, but too small or too many to list


def find_digits(picture: Picture) -> Reading:
    """Return the glyphs of a picture in reading order; none if no ink stands out from the paper."""
    wide, tall = picture.size
    if wide <= THUMBNAIL_SIDE and wide > STRIP * tall:
        enlarged = picture.image.resize((STRIP_SCALE * wide, STRIP_SCALE * tall), Image.Resampling.BICUBIC)
        picture = replace(picture, image=enlarged)
    rgb = np.asarray(picture.image)
    if max(picture.image.size) <= THUMBNAIL_SIDE:
        ink = thumbnail_ink(rgb)
        found = components.FoundGlyphs(components.as_one_glyph(ink.mask), [])
    else:
        ink, found = find_pieces(rgb)
    pieces, scale = found.glyphs[:MAX_GLYPHS], picture.size[0] / picture.image.width
    dots = dotted(pieces, found.small)
    glyphs = tuple(
        replace(glyph, dotted=_glyph(ink, dots[i], scale)) if i in dots else glyph
        for i, piece in enumerate(pieces)
        if (glyph := _glyph(ink, piece, scale))
    )
    left_out = tuple(
        LeftOut(kind, glyph)
        for kind, piece in found.left_out
        if (glyph := _glyph(ink, piece, scale, MARK_SIDE))
    )
    too_many = len(found.glyphs) - len(pieces)
    return Reading(glyphs, _steps(rgb, ink, pieces), left_out, found.specks + too_many)


def find_pieces(rgb: np.ndarray, *, frames: bool = True) -> tuple[Ink, components.FoundGlyphs]:
    """Return the ink of a picture (H×W×3 uint8) without its rulings, and its pieces.

    ``frames``: also remove boxes that strokes touch, a third of the work on a photograph.
    """
    ink = find_ink(rgb)
    return ink, components.find_glyphs(rulings.without_rulings(ink.mask, ink.contrast, frames=frames), ink)


def brought_back(reading: Reading, chosen: Collection[int]) -> Reading:
    """Return a reading with some of its left-out marks, by their indices, among the glyphs."""
    back = [mark.glyph for i, mark in enumerate(reading.left_out) if i in chosen]
    glyphs = (*reading.glyphs, *back)
    lines = components.lines_of([glyph.box for glyph in glyphs])
    ordered = tuple(replace(glyphs[i], line=number) for number, line in enumerate(lines) for i in line)
    rest = tuple(mark for i, mark in enumerate(reading.left_out) if i not in chosen)
    return replace(reading, glyphs=ordered, left_out=rest)


def _glyph(ink: Ink, piece: components.Piece, scale: float, side: float = np.inf) -> Glyph | None:
    """Return a piece as the networks get it, its box in pixels of the original; None if no ink remains.

    A piece with a longer side than ``side`` pixels is reduced first.
    """
    cut = _cut_out(ink, piece)
    if cut is None:
        return None
    if max(cut.shape) > side:
        size = tuple(max(1, round(n * side / max(cut.shape))) for n in cut.shape[::-1])
        cut = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    left, top, right, bottom = (round(edge * scale) for edge in piece.box)
    if scale < 1:  # of an enlarged strip
        left, top = (int(edge * scale) for edge in piece.box[:2])
    return Glyph(normalise(cut), (left, top, max(left + 1, right), max(top + 1, bottom)), piece.line)


def _cut_out(ink: Ink, piece: components.Piece) -> np.ndarray | None:
    """Return the strength of the piece's ink in its box, without neighbours; None if no ink remains."""
    left, top, right, bottom = piece.box
    strength = ink.strength[top:bottom, left:right]
    # The soft edge of a stroke lies just outside the mask, and is part of the stroke.
    own = cv2.dilate(piece.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    cut = np.where(own, strength, 0.0)
    return cut if cut.any() else None


def _steps(rgb: np.ndarray, ink: Ink, found: list[components.Piece]) -> tuple[Step, ...]:
    seen = _preview(rgb)
    paper = 255 - np.round(255 * _preview(ink.strength)).astype(np.uint8)
    boxes = Image.fromarray(seen.copy())
    draw = ImageDraw.Draw(boxes)
    scale = boxes.width / rgb.shape[1]
    for piece in found:
        left, top, right, bottom = (round(scale * edge) for edge in piece.box)
        draw.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), outline=BOX_COLOUR, width=2)
    return (
        Step(N_("The picture"), Image.fromarray(seen)),
        Step(N_("Paper removed"), Image.fromarray(paper)),
        Step(N_("Digits found"), boxes),
    )


def _preview(pixels: np.ndarray) -> np.ndarray:
    scale = PREVIEW_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
