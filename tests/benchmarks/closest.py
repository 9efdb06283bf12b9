"""Measure how close the shipped avatars come to pictures, as JSON: ``python -m tests.benchmarks.closest``.

Held-out avatars should be called like what the generator draws, and other pictures unlike it. The images of
``avatars64`` must be here: ``python -m core draw-avatars``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.images.whole_picture import whole_picture
from core.inference.generator import Generator
from core.latent.inversion import FoundLatent, invert
from core.latent.variation import missed

CAT = Path(__file__).parents[1] / "cat.jpg"
OTHERS = ("cifar10", "fashion_mnist", "mnist")  # data sets whose pictures show no faces
ENLARGED = 8  # times, as small pictures come in photographs


@click.command()
@click.option("--each", default=3, help="Avatars of each style.")
def main(each: int) -> None:
    """Print what is missed of each kind of picture, in rising order, and how often the style is found."""
    generator = Generator(pretrained("avatars"))
    report: dict[str, list[float]] = {}
    right = []
    for kind, label, picture in _pictures(generator, each):
        found = _found(generator, picture)
        image = generator.draw(np.array([found.label]), found.latent[None])[0]
        report.setdefault(kind, []).append(round(missed(picture, image), 3))
        if label is not None:
            right.append(found.label == label)
        click.echo(f"{kind} {report[kind][-1]}", err=True)
    click.echo(json.dumps({kind: sorted(found) for kind, found in report.items()}))
    click.echo(json.dumps({"style_found": float(np.mean(right))}))


def _pictures(generator: Generator, each: int) -> Iterator[tuple[str, int | None, np.ndarray]]:
    """Yield pictures as the generator's images: their kind, the avatars' style, and the image."""
    wanted = generator.card.preprocessing
    avatars = registry.load("avatars64")
    for label in range(len(avatars.info.classes)):
        for image in avatars.x_test[avatars.y_test == label][:each]:
            yield "avatars", label, image
    for name in OTHERS:
        data = registry.load(name)
        for label in range(len(data.info.classes)):
            image = data.x_test[data.y_test == label][0]
            large = Image.fromarray(image.squeeze()).resize([ENLARGED * side for side in image.shape[1::-1]])
            yield name, None, whole_picture(large.convert("RGB"), wanted)
    yield "cat", None, whole_picture(Image.open(CAT).convert("RGB"), wanted)


def _found(generator: Generator, picture: np.ndarray) -> FoundLatent:
    *_, found = invert(generator, picture, None)
    return found


if __name__ == "__main__":
    main()
