"""Tell what a picture shows: digits, a piece of clothing, or anything else, which is a photograph.

A few numbers describe the picture: how much ink and how many glyphs were found, how colourful, even and
sharp it is. A logistic regression on them and on their products decides; its weights (5 kB) are fitted by
``python -m tests.benchmarks.picture_kinds --write``, which also measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from core.contract.preprocessing import WHOLE, standard
from core.images.components import Box
from core.images.decode import Picture
from core.images.digits import MAX_GLYPHS, THUMBNAIL_SIDE, Reading, find_pieces
from core.images.paper import shrink
from core.images.whole_picture import whole_picture

DIGIT, CLOTHING, THING = KINDS = ("digit", "clothing", "thing")  # subjects, as on cards
LETTER, SIGN = "letter", "sign"  # subjects that no picture is taken for unasked; a sign is a letter or digit
WEIGHTS = Path(__file__).with_name("picture_kind.npz")
GLANCE = 256  # pixels of the longer side of the copy in which a photograph is recognised
SIDE = 64  # pixels to which a picture is reduced
ALIKE = 12  # levels of 255 between pixels of one paper
CLEAR_LEAD = 2.0  # of scores
BLANK = 2.0  # levels of 255; a picture whose pixels differ by less shows nothing
_WHOLE = standard(WHOLE, (28, 28, 1))


def kind_of(picture: Picture, reading: Reading) -> str:
    """Return what a picture shows, one of ``KINDS``, from itself and the glyphs found in it."""
    numbers = describe(picture, reading)
    return DIGIT if numbers is None else KINDS[int(scores(numbers[None]).argmax())]


def is_clearly_a_photograph(picture: Picture) -> bool:
    """Return whether a photograph leads every other kind by ``CLEAR_LEAD`` in a small copy of a picture.

    Of 100 tested pictures of digits one did, a line of digits across a ruling on grey paper.
    """
    numbers = describe_at_a_glance(picture)
    if numbers is None:
        return False
    *others, photograph = scores(numbers[None])[0]
    return bool(photograph - max(others) > CLEAR_LEAD)


def describe(picture: Picture, reading: Reading) -> np.ndarray | None:
    """Return the numbers that describe a picture, float32; None if it is blank."""
    ink = 1 - np.asarray(reading.steps[1].image.convert("L"), np.float32) / 255
    return _numbers(picture, [glyph.box for glyph in reading.glyphs], ink)


def describe_at_a_glance(picture: Picture) -> np.ndarray | None:
    """Return the same numbers of a copy of ``GLANCE`` pixels, in which boxes stay."""
    pixels = shrink(np.asarray(picture.image), GLANCE)
    small = replace(picture, image=Image.fromarray(pixels), size=(pixels.shape[1], pixels.shape[0]))
    ink, found = find_pieces(pixels, frames=False)
    return _numbers(small, [piece.box for piece in found.glyphs[:MAX_GLYPHS]], ink.strength)


def _numbers(picture: Picture, boxes: Sequence[Box], strength: np.ndarray) -> np.ndarray | None:
    """Return the numbers; the boxes are those of the glyphs, in pixels of the original.

    ``strength``: that of the ink, H×W float32 from 0 to 1.
    """
    rgb = np.asarray(picture.image)
    small = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    if grey.std() < BLANK:
        return None
    ink = cv2.resize(strength, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.float32) / 255
    colour = hsv[..., 1] * hsv[..., 2]
    margin = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    whole = whole_picture(picture.image, _WHOLE).astype(np.float32) / 255
    found = sum((right - left) * (bottom - top) for left, top, right, bottom in boxes)
    return np.array(
        [
            np.log1p(len(boxes)),
            found / (picture.size[0] * picture.size[1]),
            ink.mean(),
            _share_between(ink, 0.15, 0.85),
            colour.mean(),
            colour.max(),
            hsv[..., 1].std(),
            _entropy(grey),
            margin.std(),
            np.mean(np.abs(grey - np.median(margin)) < ALIKE),
            np.abs(np.diff(grey, axis=1)).mean(),
            max(picture.size) <= THUMBNAIL_SIDE,
            whole.mean(),
            _share_between(whole, 0.1, 0.9),
            np.mean(whole > 0.1),
        ],
        np.float32,
    )


def scores(numbers: np.ndarray) -> np.ndarray:
    """Return the score of each kind, N×kinds, from descriptions, N×numbers."""
    mean, deviation, weights = read_weights()
    return with_products(numbers, mean, deviation) @ weights


def with_products(numbers: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Return 1, the standardised numbers, and all their products of two, N×terms."""
    standard_scores = np.clip((numbers - mean) / deviation, -4, 4)
    first, second = np.triu_indices(numbers.shape[1])
    products = standard_scores[:, first] * standard_scores[:, second]
    return np.concatenate([np.ones((len(numbers), 1), np.float32), standard_scores, products], axis=1)


@cache
def read_weights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and standard deviation of the numbers, and the weights of the terms (terms×kinds)."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return stored["mean"], stored["deviation"], stored["weights"]


def _share_between(values: np.ndarray, low: float, high: float) -> float:
    return float(np.mean((values > low) & (values < high)))


def _entropy(grey: np.ndarray) -> float:
    """Return the entropy of a histogram of 32 levels, in nats."""
    shares = np.histogram(grey, 32, (0, 256))[0] / grey.size
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
