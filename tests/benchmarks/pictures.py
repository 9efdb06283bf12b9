"""Measure how well whole pictures are read, as one JSON report: ``python -m tests.benchmarks.pictures``.

MNIST's test digits, which no training used, as people would bring them: drawn, photographed and scanned by
the code of ``tests/images``. A picture is read right when the CNN finds one glyph in it, and names it right.
A digit that is spoilt by writing it anew is left out: another network, ``plain_cnn``, reads MNIST's own
pixels right, but not the same digit written with a usual pen and prepared without any picture around it.
The families of ``tests/images/forms.py`` are numbers of several digits, which must be read right as a whole.
Needs MNIST in DEEP_IMAGE_LAB_DATA.
"""

from __future__ import annotations

import json
import zlib

import click
import cv2
import numpy as np

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.images.normalise import normalise
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare, prepare_upright
from tests.images.cases import Picture, png_bytes
from tests.images.forms import FAMILIES, Family, flagged_one
from tests.images.kinds import GROUPS, Kind
from tests.images.pens import written

MIN_PART = 0.3  # of a digit's ink
PEN = 0.1  # of a digit's side, as wide as MNIST's strokes


@click.command()
@click.option(
    "--count", type=click.IntRange(min=1), default=100, show_default=True, help="Pictures of a kind."
)
@click.option(
    "--only", multiple=True, help="A family or kind to measure; may be given several times. Without: all."
)
def main(count: int, only: tuple[str, ...]) -> None:
    """Print one JSON object: the share read right of each group and kind, and of each family."""
    data = registry.load("mnist", train_size=1)
    order = np.random.default_rng(5).permutation(len(data.x_test))
    chosen, spoilt = legible(data.x_test[..., 0], data.y_test, order, count)
    digits, labels = data.x_test[chosen, ..., 0], data.y_test[chosen]
    classifier = Classifier(pretrained("cnn"))
    report: dict[str, object] = {"pictures of a kind": count, "digits spoilt by writing them anew": spoilt}
    for group, kinds in GROUPS.items():
        right = {
            name: float(np.mean(read_right(name, kind, digits, labels, classifier)))
            for name, kind in kinds.items()
            if not only or name in only
        }
        if right:
            report[group] = {"all": float(np.mean(list(right.values()))), **right}
    whole = np.array([_is_whole(digit) for digit in digits])
    digits, labels = digits[whole], labels[whole]
    report["families"] = {
        name: float(np.mean(numbers_right(name, family, digits, labels, classifier, count)))
        for name, family in FAMILIES.items()
        if not only or name in only
    }
    if not only or "flagged_one" in only:
        report["flagged_one"] = {
            name: float(np.mean(flagged_right(Classifier(pretrained(name)), count)))
            for name in ("cnn", "plain_cnn")
        }
    click.echo(json.dumps(report, indent=1))


def legible(digits: np.ndarray, labels: np.ndarray, order: np.ndarray, count: int) -> tuple[np.ndarray, int]:
    """Return the first ``count`` indices whose digit is not spoilt, and how many were left out."""
    classifier = Classifier(pretrained("plain_cnn"))
    kept: list[int] = []
    spoilt = 0
    for place in order:
        if len(kept) == count:
            break
        own, anew = digits[place], normalise(written(digits[place], 200, 200 * PEN))
        says = classifier.probabilities(np.stack([own, anew])).argmax(axis=1)
        if says[0] == labels[place] != says[1]:
            spoilt += 1
        else:
            kept.append(int(place))
    return np.array(kept), spoilt


def read_right(
    name: str, kind: Kind, digits: np.ndarray, labels: np.ndarray, classifier: Classifier
) -> list[bool]:
    """Return, for each digit (N×28×28 uint8), if its picture of that kind is read as its label (N)."""
    found = []
    for i, (digit, label) in enumerate(zip(digits, labels, strict=True)):
        picture = kind(digit, np.random.default_rng((i, zlib.crc32(name.encode()))))
        found.append(_read(picture, classifier) == str(label))
    return found


def numbers_right(
    name: str, family: Family, digits: np.ndarray, labels: np.ndarray, classifier: Classifier, count: int
) -> list[bool]:
    """Return, for each of ``count`` pictures of a family, if its number is read right as a whole."""
    found = []
    for i in range(count):
        picture, number = drawn(name, family, digits, labels, i)
        found.append(_read(picture, classifier) == number)
    return found


def _is_whole(digit: np.ndarray) -> bool:
    """Return whether a digit has no stray speck, which beside other digits would be another mark."""
    areas = cv2.connectedComponentsWithStats((digit > 40).astype(np.uint8))[2][1:, cv2.CC_STAT_AREA]
    return bool(areas.min() >= MIN_PART * areas.sum())


def drawn(
    name: str, family: Family, digits: np.ndarray, labels: np.ndarray, seed: int
) -> tuple[Picture, str]:
    """Return a picture of a family, drawn from some of the digits (N×28×28 uint8), and the number in it."""
    rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
    chosen = rng.integers(0, len(digits), int(rng.integers(family.least, family.most + 1)))
    return family.draw(list(digits[chosen]), rng), "".join(str(label) for label in labels[chosen])


def flagged_right(classifier: Classifier, count: int) -> list[bool]:
    """Return, for each of ``count`` pictures of a 1 with a flag, if it is read as 1."""
    return [_read(flagged_one(np.random.default_rng(seed)), classifier) == "1" for seed in range(count)]


def _read(picture: Picture, classifier: Classifier) -> str:
    """Return the labels of all glyphs in a picture."""
    data = png_bytes(picture)
    prepared = prepare_upright(lambda turn: prepare(data, "picture.png", turn=turn), classifier)
    return "".join(given.label for given in answer(prepared, classifier))


if __name__ == "__main__":
    main()
