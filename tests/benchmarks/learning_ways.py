"""Measure three ways to learn from a few pictures; ``tests.benchmarks.teach`` prints the results.

A linear head, fine-tuning and a small CNN from scratch learn from the same pictures, with the settings that
Teach uses, and are asked about the same test pictures. What the frozen part of the backbone computes of the
pictures is kept in the home folder, and each accuracy too: a benchmark that was ended goes on from there.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image

from core.bundles.bundle import pretrained
from core.class_sets import linear_head
from core.class_sets.features import BACKBONE
from core.class_sets.ways_to_learn import Way, configuration
from core.contract.dataset_info import DatasetInfo
from core.contract.events import Finished
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.images.whole_picture import whole_picture
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.fine_tuning import BLOCKS, CutNetwork, FineTuning, outputs
from core.runs.store.run_store import home

CHUNK = 200  # pictures that are enlarged at once


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures to draw from and test pictures: small, and as maps before the last blocks of the backbone."""

    info: DatasetInfo
    x: np.ndarray  # N×H×W×3 uint8
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    maps: np.ndarray  # N×2×h×w×c, of a picture and of its mirror image
    maps_test: np.ndarray
    results: Path  # the file of what was measured


def pool(name: str, of_class: int, tested: int) -> Pool:
    """Return the first pictures of each class of a data set, and test pictures at equal distances."""
    data = registry.load(name)
    classes = len(data.info.classes)
    places = np.stack([np.nonzero(data.y_train == one)[0][:of_class] for one in range(classes)]).T.ravel()
    asked = slice(0, None, len(data.x_test) // tested)
    x, x_test = _in_colour(data.x_train[places]), _in_colour(data.x_test[asked])
    backbone = pretrained(BACKBONE)
    weights = backbone.card.files["model.keras"][:12]
    file = home() / "benchmarks" / f"{name}-{of_class}-{tested}-{BLOCKS}-{weights}.npz"
    if not file.exists():
        network = CutNetwork(backbone, classes)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, maps=_maps(network, x), maps_test=_maps(network, x_test)[:, :1])
    with np.load(file, allow_pickle=False) as kept:
        maps, maps_test = kept["maps"], kept["maps_test"]
    info = dataclasses.replace(data.info, shape=x.shape[1:])
    results = file.with_suffix(".json")
    return Pool(info, x, data.y_train[places], x_test, data.y_test[asked], maps, maps_test, results)


def accuracies(pool: Pool, size: int, draws: int) -> dict[str, Any]:
    """Return each way's accuracies after learning from ``size`` pictures a class, and its seconds a draw."""
    measured = _Measured(pool)
    found: dict[str, Any] = {str(way): {"accuracies": [], "seconds": []} for way in Way}
    for draw in range(draws):
        for way in Way:
            accuracy, seconds = measured.result(way, size, draw)
            found[way]["accuracies"].append(accuracy)
            found[way]["seconds"].append(seconds)
            click.echo(f"{pool.info.name} {size} a class, {way}: {accuracy:.4f}", err=True)
    for told in found.values():
        told["mean"] = round(float(np.mean(told["accuracies"])), 4)
    return found


class _Measured:
    """Accuracies of the ways; each is measured once and kept."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known = json.loads(pool.results.read_text()) if pool.results.exists() else {}

    def result(self, way: Way, size: int, draw: int) -> tuple[float, float]:
        """Return the accuracy after learning from a draw of ``size`` pictures a class, and the seconds."""
        key = f"{way} {size} {draw}"
        if key not in self._known:
            began = time.perf_counter()
            accuracy = round(self._accuracy(way, size, draw), 4)
            self._known[key] = accuracy, round(time.perf_counter() - began, 1)
            self._pool.results.write_text(json.dumps(self._known))
        accuracy, seconds = self._known[key]
        return accuracy, seconds

    def _accuracy(self, way: Way, size: int, draw: int) -> float:
        pool, rng = self._pool, np.random.default_rng(draw)
        classes = range(len(pool.info.classes))
        taught = np.concatenate([rng.permutation(np.nonzero(pool.y == one)[0])[:size] for one in classes])
        if way is not Way.LINEAR:
            return _trained(pool, way, taught, draw, self._network)
        values, asked = self._features
        head = linear_head.fit(values[taught], pool.y[taught].astype(int), len(classes))
        return float(np.mean(head.logits(asked).argmax(axis=1) == pool.y_test))

    @cached_property
    def _network(self) -> CutNetwork:
        return CutNetwork(pretrained(BACKBONE), len(self._pool.info.classes))

    @cached_property
    def _features(self) -> list[np.ndarray]:
        return [
            outputs(self._network.features, maps[:, 0]) for maps in (self._pool.maps, self._pool.maps_test)
        ]


def _in_colour(images: np.ndarray) -> np.ndarray:
    return np.repeat(images, 3, axis=3) if images.shape[3] == 1 else images


def _trained(pool: Pool, way: Way, taught: np.ndarray, draw: int, network: CutNetwork) -> float:
    config = dataclasses.replace(configuration(way, "0" * 32, len(taught)), seed=draw)
    data = Dataset(pool.info, pool.x[taught], pool.y[taught], pool.x_test, pool.y_test)
    if way is Way.SCRATCH:
        training = ClassifierTraining(config, data, learn_from_all=True)
    else:
        maps = pool.maps[taught], pool.maps_test
        training = FineTuning(config, data, network, maps, learn_from_all=True)
    [finished] = [event for event in training if isinstance(event, Finished)]
    return finished.metrics["test_accuracy"]


def _maps(network: CutNetwork, images: np.ndarray) -> np.ndarray:
    wanted = network.backbone.card.preprocessing
    found = []
    with click.progressbar(length=len(images), label="Computing maps", file=sys.stderr) as shown:
        for first in range(0, len(images), CHUNK):
            part = images[first : first + CHUNK]
            large = np.stack([whole_picture(Image.fromarray(image), wanted) for image in part])
            found.append(network.maps(large))
            shown.update(len(part))
    return np.concatenate(found)
