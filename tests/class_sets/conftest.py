from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.class_sets.class_set_store import ClassSetStore
from core.images.archive import Archive
from core.images.reduced import jpeg, reduced

OWNER = "a" * 32
COLOURS = {"red": (200, 30, 30), "green": (30, 160, 40), "blue": (40, 60, 210)}


class HereReducer:
    """Reduce pictures in this process, as the child does."""

    def names(self, load, key, name):
        return Archive(load(), name).names

    def empty_folders(self, load, key, name):
        return Archive(load(), name).empty_folders

    def reduce(self, data, name, sides):
        return reduced(data, name, *sides)

    def reduce_member(self, load, key, name, number, sides):
        archive = Archive(load(), name)
        return reduced(archive.read(number), archive.names[number], *sides)


@pytest.fixture(scope="session")
def reducer() -> HereReducer:
    return HereReducer()


@pytest.fixture
def store(tmp_path: Path) -> ClassSetStore:
    return ClassSetStore(tmp_path)


def picture(colour: str, seed: int = 0, side: int = 24) -> bytes:
    """Return a noisy picture of one colour as a JPEG file."""
    noise = np.random.default_rng(seed).normal(0, 25, (side, side, 3))
    return jpeg(Image.fromarray((np.array(COLOURS[colour]) + noise).clip(0, 255).astype(np.uint8)))


def clouds(classes: int, each: int, seed: int = 0, size: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Return features of classes that are clouds around points, with their labels."""
    rng = np.random.default_rng(seed)
    middles = np.random.default_rng(99).normal(0, 1, (classes, size))
    labels = np.repeat(np.arange(classes), each)
    return (middles[labels] + rng.normal(0, 0.8, (len(labels), size))).astype(np.float16), labels
