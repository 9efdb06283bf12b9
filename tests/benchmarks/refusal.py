"""Measure what the shipped classifiers refuse, as one JSON report: ``python -m tests.benchmarks.refusal``.

At the threshold that keeps 98 % of MNIST's test digits: the share of Fashion-MNIST's test images, of noise,
of blank images and of capital letters that is refused. The letters come in faces that no training used
(the training's own are drawn by pen, and Pillow's default). Needs both data sets in DEEP_IMAGE_LAB_DATA and
the faces of Debian's ``fonts-dejavu-core`` and ``fonts-liberation``. ``--clothes`` measures the network of
clothes instead, by its familiarity; it also needs ``cifar10_jpeg.npz``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.bundles.bundle import pretrained
from core.contract.evaluation import refusal_threshold
from core.datasets import registry
from core.images.normalise import normalise
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from core.inference.picture_reading import prepare
from tests.benchmarks.picture_kinds import labelled_photographs
from tests.pictures import encoded

FACES = Path("/usr/share/fonts/truetype")
UNLIKE_DIGITS = "ACDEFGHJKLMNPQRTUVWXY"  # all capitals but O, I, Z, S and B
CLASSIFIERS = ("cnn", "lstm")
CAT = 3  # its class in CIFAR-10
FILES = 300  # of each kind, where whole files are read

Score = Callable[[np.ndarray], np.ndarray]


@click.command()
@click.option("--clothes", is_flag=True, help="Measure the network of clothes, not those of digits.")
def main(clothes: bool) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(report_of_clothes() if clothes else report(), indent=1))


def report_of_clothes() -> dict[str, float]:
    """Return the share of images that the network of clothes calls strange, by kind; clothes first."""
    network = Classifier(pretrained("fashion_cnn"))
    kinds = strangers()
    wanted = network.card.preprocessing
    photographs = labelled_photographs("test", 2000)
    for name, chosen in {"photographs": photographs, "cats": [p for p in photographs if p[1] == CAT]}.items():
        kinds[name] = np.stack([whole_picture(picture, wanted) for picture, _ in chosen])
    kinds["digits"] = registry.load("mnist", train_size=1).x_test
    return {name: float(np.mean(network.are_strange(images))) for name, images in kinds.items()}


def report(files: int = FILES) -> dict[str, dict[str, dict[str, float]]]:
    """Return the share refused by each classifier and by both: of prepared glyphs, and of whole files."""
    classifiers = [Classifier(pretrained(name)) for name in CLASSIFIERS]
    scores: dict[str, Score] = {
        name: lambda x, c=c: c.probabilities(x).max(axis=1)  # type: ignore[misc]
        for name, c in zip(CLASSIFIERS, classifiers, strict=True)
    }
    scores["together"] = lambda x: np.mean([c.probabilities(x) for c in classifiers], axis=0).max(axis=1)
    digits = registry.load("mnist", train_size=1).x_test[..., 0]
    thresholds = {name: refusal_threshold(_probabilities(score, digits)) for name, score in scores.items()}
    strange = strangers()
    return {
        name: {
            "threshold": {"probability": thresholds[name]},
            "glyphs_refused": {
                kind: float(np.mean(score(images) < thresholds[name])) for kind, images in strange.items()
            },
            "files_refused": {
                kind: _files_refused(images[:: max(1, len(images) // files)], score, thresholds[name])
                for kind, images in strange.items()
            },
        }
        for name, score in scores.items()
    }


def strangers() -> dict[str, np.ndarray]:
    """Return images of no digit, N×28×28 uint8, by kind."""
    rng = np.random.default_rng(11)
    return {
        "fashion_mnist": registry.load("fashion_mnist", train_size=1).x_test[..., 0],
        "noise": rng.integers(0, 256, (1000, 28, 28)).astype(np.uint8),
        "blank": np.stack([np.full((28, 28), grey, np.uint8) for grey in range(0, 256, 5)]),
        "letters": letters(),
    }


def letters() -> np.ndarray:
    """Return capital letters in every typeface, N×28×28 uint8, prepared as those of a file."""
    return np.stack([_letter(face, sign) for face in _faces() for sign in UNLIKE_DIGITS])


def _faces() -> list[Path]:
    faces = sorted(FACES.glob("dejavu/*.ttf")) + sorted(FACES.glob("liberation/*.ttf"))
    if not faces:
        raise click.ClickException(f"No faces below {FACES}; install fonts-dejavu-core and fonts-liberation.")
    return faces


def _letter(face: Path, sign: str) -> np.ndarray:
    canvas = Image.new("L", (160, 160))
    ImageDraw.Draw(canvas).text((80, 80), sign, fill=255, font=ImageFont.truetype(face, 80), anchor="mm")
    return normalise(np.asarray(canvas))


def _probabilities(score: Score, images: np.ndarray) -> np.ndarray:
    return score(images)[:, None]


def _files_refused(images: np.ndarray, score: Score, threshold: float) -> float:
    """Return the share of images that, read from files, give no glyph above the threshold."""
    refused = 0
    for image in images:
        glyphs = prepare(encoded(Image.fromarray(255 - image)), "x.png").reading.glyphs
        refused += not glyphs or bool(np.all(score(np.stack([g.pixels for g in glyphs])) < threshold))
    return refused / len(images)


if __name__ == "__main__":
    main()
