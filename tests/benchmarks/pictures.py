"""Measure how well whole pictures are read, as one JSON report: ``python -m tests.benchmarks.pictures``.

MNIST's test digits, which no training used, as people would bring them: drawn, photographed and scanned by
the code of ``tests/images``. A picture is read right when the CNN finds one glyph in it, and names it right.
A digit that is spoilt by writing it anew is left out: another network, ``plain_cnn``, reads MNIST's own
pixels right, but not the same digit written with a usual pen and prepared without any picture around it.
Needs MNIST in DEEP_IMAGE_LAB_DATA.
"""

from __future__ import annotations

import json
import zlib

import click
import numpy as np

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.images.normalise import normalise
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare
from tests.images.cases import png_bytes
from tests.images.kinds import GROUPS, Kind
from tests.images.pens import written

PEN = 0.1  # of a digit's side, as wide as MNIST's strokes


@click.command()
@click.option(
    "--count", type=click.IntRange(min=1), default=100, show_default=True, help="Pictures of a kind."
)
def main(count: int) -> None:
    """Print one JSON object: the share read right of each group and kind."""
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
        }
        report[group] = {"all": float(np.mean(list(right.values()))), **right}
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
        answers = answer(prepare(png_bytes(picture), f"{name}.png"), classifier)
        found.append("".join(given.label for given in answers) == str(label))
    return found


if __name__ == "__main__":
    main()
