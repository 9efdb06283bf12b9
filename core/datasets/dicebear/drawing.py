"""Draw the data sets of avatars with DiceBear's npm packages; this needs Node and, once, the npm registry."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.dicebear.designs import DESIGNS, PIXEL_ART
from core.datasets.dicebear.faces import ATTRIBUTES, FACES, attributes_of
from core.errors import DatasetError

SIDE, FACE_SIDE = 64, 16  # pixels; pixel art is drawn on 16 by 16
TRAINING, TEST = 2_000, 200  # images of a class

_PROGRAM = ("package.json", "package-lock.json", "draw.mjs")

Drawn = tuple[np.ndarray, list[dict[str, Any]]]
Arrays = dict[str, np.ndarray]  # x_train, y_train, x_test, y_test; the names of npz_files


@dataclass(frozen=True)
class Job:
    """Avatars of one style with successive seeds."""

    style: str
    first: int
    count: int
    side: int
    options: dict[str, Any] = field(default_factory=dict)  # of the style, in DiceBear's names


def install(folder: Path) -> None:
    """Install the packages into a folder, in the versions and with the checksums of package-lock.json.

    Raises:
        DatasetError: when Node or the registry cannot be reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PROGRAM:
        shutil.copy(Path(__file__).parent / name, folder / name)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)


def draw_avatars(folder: Path, progress: Callable[[float], None], of_class: int = TRAINING) -> Arrays:
    """Return avatars, 64×64: ``of_class`` for training of each design, and a tenth of them for tests.

    Raises:
        DatasetError: when Node fails.
    """
    jobs = [Job(design.style, 0, of_class + of_class // 10, SIDE) for design in DESIGNS]
    return _split([images for images, _ in _draw(folder, jobs, progress)], of_class)


def draw_faces(folder: Path, progress: Callable[[float], None], of_class: int = TRAINING) -> Arrays:
    """Return pixel faces, 16×16, in the same numbers, with ``a_train`` and ``a_test``: their ``ATTRIBUTES``.

    Raises:
        DatasetError: when Node fails.
    """
    count = of_class + of_class // 10
    jobs = [Job(PIXEL_ART.style, i * count, count, FACE_SIDE, face.options) for i, face in enumerate(FACES)]
    drawn = _draw(folder, jobs, progress)
    told = [np.array([attributes_of(face) for face in shown], np.uint8) for _, shown in drawn]
    assert all(rows.shape == (count, len(ATTRIBUTES)) for rows in told)
    attributes = _split(told, of_class)
    arrays = _split([images for images, _ in drawn], of_class)
    return arrays | {"a_train": attributes["x_train"], "a_test": attributes["x_test"]}


def small_avatars(avatars: Arrays, training: int, test: int) -> Arrays:
    """Return avatars, 32×32: the first of each class of those that ``draw_avatars`` returned."""
    arrays = {}
    for name, count in (("train", training), ("test", test)):
        labels = avatars[f"y_{name}"]
        chosen = np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
        arrays[f"x_{name}"] = halved(avatars[f"x_{name}"][chosen])
        arrays[f"y_{name}"] = labels[chosen]
    return arrays


def halved(images: np.ndarray) -> np.ndarray:
    """Return images of half the height and width, N×H×W×C uint8, by the mean of four levels."""
    count, height, width, channels = images.shape
    squares = images.reshape(count, height // 2, 2, width // 2, 2, channels)
    return ((squares.sum(axis=(2, 4), dtype=np.uint16) + 2) // 4).astype(np.uint8)


def _draw(folder: Path, jobs: Sequence[Job], progress: Callable[[float], None]) -> list[Drawn]:
    """Return the images of each job, and what each shows; as many jobs at once as there are processors."""
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for drawn in pool.map(lambda number: _draw_one(folder, number, jobs[number]), range(len(jobs))):
            found.append(drawn)
            progress(len(found) / len(jobs))
    return found


def _draw_one(folder: Path, number: int, job: Job) -> Drawn:
    out = folder / f"job{number}"
    _run(["node", "draw.mjs", json.dumps(vars(job)), str(out)], folder)
    levels, shown = out.with_suffix(".rgb"), out.with_suffix(".json")
    images = np.fromfile(levels, np.uint8).reshape(job.count, job.side, job.side, 3)
    described = json.loads(shown.read_bytes())
    levels.unlink()
    shown.unlink()
    return images, described


def _split(by_class: Sequence[np.ndarray], of_class: int) -> Arrays:
    """Return arrays of each class in training and test arrays, with the number of the class as label."""
    train, test = [rows[:of_class] for rows in by_class], [rows[of_class:] for rows in by_class]
    arrays = {}
    for name, parts in (("train", train), ("test", test)):
        arrays[f"x_{name}"] = np.concatenate(parts)
        arrays[f"y_{name}"] = np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part) for part in parts])
    return arrays


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise DatasetError("datasets.no_node", program=command[0]) from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [str(error.returncode)]
        raise DatasetError("datasets.node_failed", program=command[0], reason=lines[-1][:300]) from error
