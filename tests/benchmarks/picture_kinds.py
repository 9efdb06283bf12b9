"""Measure how well the app tells what a picture shows: ``python -m tests.benchmarks.picture_kinds``.

Print one JSON object: the share of each kind that is taken for what it is, on MNIST's test digits as people
would bring them (tests.images.kinds, tests.images.forms), Fashion-MNIST's test images (as they are, inverted,
and enlarged), and CIFAR-10's test pictures (four fifths enlarged) with crops of scikit-image's photographs,
if it is installed. ``--write`` fits the weights on the training images of the same sets first. Needs the data
sets in DEEP_IMAGE_LAB_DATA, CIFAR-10 as its copy in JPEG, ``cifar10_jpeg.npz``.
"""

from __future__ import annotations

import importlib.util
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core import settings
from core.datasets import registry
from core.images.grid import grid
from core.images.picture_kind import (
    CLOTHING,
    DIGIT,
    KINDS,
    THING,
    WEIGHTS,
    describe,
    read_weights,
    scores,
    with_products,
)
from core.inference.picture_reading import prepare
from tests.benchmarks.pictures import drawn
from tests.images.cases import png_bytes
from tests.images.forms import FAMILIES
from tests.images.kinds import GROUPS
from tests.pictures import encoded

COUNT = 300  # of clothes and of enlarged pictures that are measured
FITTED = 1500  # of them that the weights are fitted to
OF_A_KIND = 16  # pictures of each kind of digit
OF_A_FAMILY = {"train": 64, "test": 16}  # pictures of each family of numbers: boxes, strips, squares…
SPLITS = ("train", "test")
FREE = (
    "astronaut chelsea coffee motorcycle_left hubble_deep_field rocket retina brick grass gravel camera coins"
)
STEPS, RATE, DECAY = 4000, 0.02, 1e-3


@click.command()
@click.option("--write", is_flag=True, help="Fit the weights on the training images and write them first.")
@click.option("--count", default=COUNT, show_default=True, type=click.IntRange(min=5), help="Pictures.")
def main(write: bool, count: int) -> None:
    """Print one JSON object."""
    if write:
        fit(*_described("train", FITTED))
    numbers, kinds = _described("test", count)
    found = scores(numbers).argmax(axis=1)
    report = {
        kind: {"pictures": int((kinds == k).sum()), "right": float(np.mean(found[kinds == k] == k))}
        for k, kind in enumerate(KINDS)
    }
    click.echo(json.dumps(report, indent=1))


def fit(numbers: np.ndarray, kinds: np.ndarray) -> None:
    """Fit the logistic regression by Adam and write its weights; digits and photographs count twice."""
    mean, deviation = numbers.mean(axis=0), numbers.std(axis=0) + 1e-9
    terms = with_products(numbers, mean, deviation).astype(np.float64)
    wanted = np.eye(len(KINDS))[kinds]
    share = (np.array([2.0, 1.0, 2.0]) / wanted.sum(axis=0))[kinds][:, None] * len(kinds) / len(KINDS)
    weights = first = second = np.zeros((terms.shape[1], len(KINDS)))
    for step in range(1, STEPS + 1):
        values = np.exp(terms @ weights - (terms @ weights).max(axis=1, keepdims=True))
        given = values / values.sum(axis=1, keepdims=True)
        slope = terms.T @ ((given - wanted) * share) / len(terms) + DECAY * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights = weights - RATE * first / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    arrays = {"mean": mean, "deviation": deviation, "weights": weights}
    np.savez(WEIGHTS, **{name: array.astype(np.float32) for name, array in arrays.items()})
    read_weights.cache_clear()


def _described(split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the descriptions of a split's pictures and their kinds, as numbers."""
    found: list[tuple[np.ndarray, int]] = []
    sources = {
        DIGIT: _digits(split, min(count, COUNT)),
        CLOTHING: _clothes(split, count),
        THING: _photographs(split, count),
    }
    for kind, pictures in sources.items():
        for content in pictures:
            prepared = prepare(content, "x.png")
            numbers = describe(prepared.picture, prepared.reading)
            if numbers is not None:
                found.append((numbers, KINDS.index(kind)))
    return np.stack([numbers for numbers, _ in found]), np.array([kind for _, kind in found])


def _digits(split: str, count: int) -> Iterator[bytes]:
    images, labels = _images("mnist", split), np.zeros(1000, int)
    for kinds in GROUPS.values():
        for name, kind in kinds.items():
            for i in range(OF_A_KIND):
                yield png_bytes(kind(images[i], np.random.default_rng((i, zlib.crc32(name.encode())))))
    for name, family in FAMILIES.items():
        for i in range(OF_A_FAMILY[split]):
            seed = i + 1000 * SPLITS.index(split)
            yield png_bytes(drawn(name, family, images[:1000], labels[:1000], seed)[0])
    for image in images[200 : 200 + count // 2]:
        yield encoded(Image.fromarray(image))
    for i in range(400, 400 + count // 2, 5):
        line = Image.fromarray(255 - np.concatenate(list(images[i : i + 5]), axis=1))
        yield encoded(line.resize((560, 112)))
    yield from pages_of_digits(images[1000:], count // 4, SPLITS.index(split))


def pages_of_digits(images: np.ndarray, count: int, seed: int) -> Iterator[bytes]:
    """Yield photographs of pages full of digits (N×28×28 uint8), under uneven light."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        rows, columns, size = (int(n) for n in random.integers((2, 3, 30), (11, 11, 100)))
        chosen = images[random.integers(0, len(images), rows * columns)]
        sheet = grid(chosen, columns, gap=int(random.integers(4, 24)))
        width = columns * size
        ink = np.asarray(sheet.resize((width, sheet.height * width // sheet.width))).astype(np.float32)
        across = np.linspace(1, random.uniform(0.5, 1), width)
        down = np.linspace(1, random.uniform(0.6, 1), len(ink))[:, None]
        grey = (random.uniform(190, 250) - ink * random.uniform(0.4, 0.75)) * across * down
        noise = random.normal(0, random.uniform(0, 7), (*grey.shape, 1))
        paper = grey[..., None] * random.uniform(0.9, 1, 3) + noise
        yield jpeg_bytes(paper.clip(0, 255).astype(np.uint8))


def jpeg_bytes(pixels: np.ndarray) -> bytes:
    """Return an image (H×W×3 uint8) as a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=85)
    return file.getvalue()


def _clothes(split: str, count: int) -> Iterator[bytes]:
    for i, image in enumerate(_images("fashion_mnist", split)[:count]):
        shown = Image.fromarray(image if i % 3 == 0 else 255 - image)
        yield encoded(shown.resize((280, 280), Image.Resampling.BICUBIC) if i % 3 == 2 else shown)


def _photographs(split: str, count: int) -> Iterator[bytes]:
    for i, picture in enumerate(enlarged_photographs(split, count)):
        yield encoded(picture.resize((32, 32)) if i % 5 == 0 else picture)
    for i, picture in enumerate(free_photographs(seed=SPLITS.index(split))):
        yield encoded(picture if i else picture.resize((300, 300)))


def enlarged_photographs(split: str, count: int, seed: int = 5) -> list[Image.Image]:
    """Return pictures of CIFAR-10, enlarged to 256 pixels."""
    return [picture for picture, _ in labelled_photographs(split, count, seed)]


def labelled_photographs(split: str, count: int, seed: int = 5) -> list[tuple[Image.Image, int]]:
    """Return pictures of CIFAR-10, enlarged to 256 pixels, with their classes."""
    folder = settings.current().data
    assert folder is not None, "name the folder of the data sets in DEEP_IMAGE_LAB_DATA"
    with np.load(folder / "cifar10_jpeg.npz", allow_pickle=False) as stored:
        data, ends, labels = (stored[f"{name}_{split}"] for name in ("jpeg", "ends", "y"))
    order = np.random.default_rng(seed).permutation(len(ends))[:count]
    starts = np.concatenate([[0], ends[:-1]])
    found = []
    for i in order:
        picture = Image.open(io.BytesIO(data[starts[i] : ends[i]].tobytes())).convert("RGB")
        found.append((picture.resize((256, 256), Image.Resampling.BICUBIC), int(labels.ravel()[i])))
    return found


def free_photographs(seed: int = 0, crops: int = 4) -> list[Image.Image]:
    """Return crops of the photographs that the wheel of scikit-image holds; none if it is not installed."""
    package = importlib.util.find_spec("skimage")
    if package is None or package.origin is None:
        return []
    folder, random, found = Path(package.origin).parent / "data", np.random.default_rng(seed), []
    for name in FREE.split():
        picture = Image.open(next(folder.glob(f"{name}.*"))).convert("RGB")
        for _ in range(crops):
            side = random.uniform(0.5, 1) * min(picture.size)
            left, top = random.uniform(0, picture.width - side), random.uniform(0, picture.height - side)
            found.append(picture.crop((int(left), int(top), int(left + side), int(top + side))))
    return found


def _images(name: str, split: str) -> np.ndarray:
    """Return the images of a data set's split in a random order, N×28×28 uint8."""
    data = registry.load(name, train_size=20_000, seed=1)
    images = (data.x_train if split == "train" else data.x_test)[..., 0]
    return images[np.random.default_rng(0).permutation(len(images))]


if __name__ == "__main__":
    main()
