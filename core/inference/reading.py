"""From a file's bytes to answers: the road that the page and the command line share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.images.decode import Picture, decode
from core.images.digits import Glyph, Reading, find_digits
from core.inference.classifier import Classifier


@dataclass(frozen=True)
class Prepared:
    """A picture on its way to the networks."""

    name: str
    picture: Picture
    reading: Reading

    @property
    def pixels(self) -> np.ndarray:
        """The glyphs as the networks get them: N×28×28 uint8."""
        glyphs = [glyph.pixels for glyph in self.reading.glyphs]
        return np.stack(glyphs) if glyphs else np.empty((0, 28, 28), np.uint8)


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
    """A classifier's answer to each glyph, in reading order."""
    probabilities = classifier.probabilities(prepared.pixels)
    best = probabilities.argmax(axis=1)
    return [
        Answer(glyph, classifier.card.classes[k], float(p[k]), p)
        for glyph, p, k in zip(prepared.reading.glyphs, probabilities, best, strict=True)
    ]
