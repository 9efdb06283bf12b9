"""From a file's bytes to answers: the road that the page and the command line share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.images.decode import Picture, decode
from core.images.digits import Glyph, Reading, find_digits
from core.images.whole import whole
from core.inference.classifier import Classifier

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Prepared:
    """A picture on its way to the networks."""

    name: str
    picture: Picture
    reading: Reading


@dataclass(frozen=True)
class Answer:
    """What a network makes of one glyph."""

    glyph: Glyph
    label: str
    probability: float
    probabilities: np.ndarray  # one per class


def prepare(data: bytes, name: str) -> Prepared:
    """Decodes a file and finds the digits in it.

    Raises:
        ImageError: when the bytes are no picture that can be read.
    """
    picture = decode(data, name)
    return Prepared(name, picture, find_digits(picture))


def answer(prepared: Prepared, classifier: Classifier) -> list[Answer]:
    """A classifier's answer to each glyph, in reading order.

    A network that was trained on something else than digits is given the whole picture as its one glyph.
    """
    glyphs = _glyphs(prepared, classifier)
    if not glyphs:
        return []
    probabilities = classifier.probabilities(np.stack([glyph.pixels for glyph in glyphs]))
    best = probabilities.argmax(axis=1)
    return [
        Answer(glyph, classifier.card.classes[k], float(p[k]), p)
        for glyph, p, k in zip(glyphs, probabilities, best, strict=True)
    ]


def _glyphs(prepared: Prepared, classifier: Classifier) -> tuple[Glyph, ...]:
    if classifier.card.classes == DIGITS:
        return prepared.reading.glyphs
    pixels = whole(prepared.picture, classifier.card.shape)
    return (Glyph(pixels, (0, 0, *prepared.picture.size), 0),)
