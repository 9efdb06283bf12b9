"""Measure how well classes are learnt from a few pictures: ``python -m tests.benchmarks.teach``.

CIFAR-10's ten classes, enlarged to the backbone's 224 pixels: the heads learn from pictures drawn among the
first 200 training pictures of each class, and are tested on every second test picture, 5,000 in all, on which
no setting of the app was chosen. The features of 7,000 pictures take some minutes; they are kept in
the home folder. "None of these" is measured with three classes taught: on test pictures of these and of the
seven others, and on pictures of other sets (MNIST, Fashion-MNIST, and crops of scikit-image's photographs if
it is installed). ``--ways`` also measures fine-tuning and a small CNN from scratch on the same pictures, and
on two further data sets, in some ten minutes. Prints one JSON object and exits with 1 if a floor is missed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import click
import numpy as np
from PIL import Image

from core.class_sets import linear_head
from core.class_sets.features import BATCH, Backbone, shipped_backbone
from core.class_sets.held_out import teach
from core.datasets import registry
from core.images.whole_picture import whole_picture
from core.runs.store.run_store import home
from tests.benchmarks.picture_kinds import free_photographs

CLASSES = 10
POOL, TEST = 200, 5_000  # pictures: of each class to draw from, and in all to test on
FLOORS = {5: 0.41, 20: 0.58, 80: 0.68}  # accuracy by pictures a class
OTHERS = ("fashion_mnist", "mnist")  # grey pictures of clothes and of digits, unlike any photograph
OTHER_POOL, OTHER_TEST, OTHER_SIZES = 40, 500, (5, 20)
DRAWS = 10
SECONDS = 1.0  # to learn from 200 pictures, measured, calibrated and all
TAUGHT = 3  # classes, where the others are pictures of none of them
FAR = 250  # pictures of each set that is unlike CIFAR-10


@click.command()
@click.option("--ways", is_flag=True, help="Measure fine-tuning and learning from scratch, too.")
@click.option("--draws", default=3, show_default=True, help="Draws of each of these measurements.")
@click.option("--others/--no-others", default=True, help="Measure the ways on two further data sets, too.")
def main(ways: bool, draws: int, others: bool) -> None:
    """Print one JSON object."""
    backbone = shipped_backbone()
    (x, y), (x_test, y_test) = _features(backbone)
    far = _far(backbone)
    report: dict[str, Any] = {
        "accuracy": {size: _accuracies(x, y, x_test, y_test, size) for size in FLOORS},
        "learns_200_pictures": {classes: _times(x, y, classes, 200 // classes) for classes in (10, 2)},
        "none_of_these": {size: _none_of_these(x, y, x_test, y_test, far, size) for size in FLOORS},
    }
    worse = False
    if ways:
        report["ways"] = _ways(draws, others)
        largest = report["ways"]["cifar10"][max(FLOORS)]
        worse = largest["fine_tuned"]["mean"] <= largest["linear"]["mean"]
    click.echo(json.dumps(report, indent=1))
    missed = [size for size, floor in FLOORS.items() if report["accuracy"][size]["mean"] < floor]
    slow = [times for times in report["learns_200_pictures"].values() if times["seconds"] > SECONDS]
    if missed or slow or worse:
        sys.exit(1)


def _ways(draws: int, others: bool) -> dict[str, dict[int, Any]]:
    """Return each way's accuracies by data set and pictures a class."""
    # Imported here because the lab imports TensorFlow, which the other measurements do without.
    from tests.benchmarks.learning_ways import accuracies, pool  # noqa: PLC0415

    measured = pool("cifar10", POOL, TEST)
    found = {"cifar10": {size: accuracies(measured, size, draws) for size in FLOORS}}
    for name in OTHERS if others else ():
        measured = pool(name, OTHER_POOL, OTHER_TEST)
        found[name] = {size: accuracies(measured, size, draws) for size in OTHER_SIZES}
    return found


def _features(backbone: Backbone) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return features and labels of the pool, class after class in turn, and of the test pictures."""
    file = home() / "benchmarks" / f"cifar10-{backbone.id}.npz"
    if not file.exists():
        data = registry.load("cifar10")
        pool = np.stack([np.nonzero(data.y_train == one)[0][:POOL] for one in range(CLASSES)]).T.ravel()
        tested = slice(0, None, len(data.x_test) // TEST)  # a file may have class after class
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            file,
            x=_features_of(backbone, map(Image.fromarray, data.x_train[pool])),
            y=data.y_train[pool],
            x_test=_features_of(backbone, map(Image.fromarray, data.x_test[tested])),
            y_test=data.y_test[tested],
        )
    with np.load(file, allow_pickle=False) as kept:
        return (kept["x"], kept["y"]), (kept["x_test"], kept["y_test"])


def _far(backbone: Backbone) -> dict[str, np.ndarray]:
    """Return features of pictures of other sets."""
    file = home() / "benchmarks" / f"far-{backbone.id}.npz"
    if not file.exists():
        found = {}
        for name in OTHERS:
            data = registry.load(name)
            chosen = [np.nonzero(data.y_test == one)[0][: FAR // CLASSES] for one in range(CLASSES)]
            images = data.x_test[np.concatenate(chosen), ..., 0]
            found[name] = _features_of(backbone, map(Image.fromarray, images))
        if photographs := free_photographs(seed=7, crops=12):
            found["scikit-image"] = _features_of(backbone, photographs)
        np.savez(file, **found)
    with np.load(file, allow_pickle=False) as kept:
        return dict(kept)


def _features_of(backbone: Backbone, pictures: Iterable[Image.Image]) -> np.ndarray:
    found, all_of_them = [], list(pictures)
    with click.progressbar(
        range(0, len(all_of_them), BATCH), label="Computing features", file=sys.stderr
    ) as shown:
        for first in shown:
            batch = [picture.convert("RGB") for picture in all_of_them[first : first + BATCH]]
            fitted = [whole_picture(picture, backbone.card.preprocessing) for picture in batch]
            found.append(backbone.features(np.stack(fitted)))
    return np.concatenate(found)


def _are_above(known: np.ndarray, others: np.ndarray) -> float:
    """Return the area under the ROC curve: how often a known picture's value is above another's."""
    return float(np.searchsorted(np.sort(others), known).mean() / len(others))


def _drawn(y: np.ndarray, size: int, seed: int, classes: range | np.ndarray = range(CLASSES)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.nonzero(y == one)[0])[:size] for one in classes])


def _accuracies(
    x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, size: int
) -> dict[str, float]:
    found = []
    for seed in range(DRAWS):
        drawn = _drawn(y, size, seed)
        head = linear_head.fit(x[drawn], y[drawn], CLASSES)
        found.append(float(np.mean(head.logits(x_test).argmax(axis=1) == y_test)))
    return {"mean": float(np.mean(found)), "lowest": min(found), "highest": max(found)}


def _times(x: np.ndarray, y: np.ndarray, classes: int, size: int) -> dict[str, float]:
    """Return the median times in which a taught head is ready, from features to calibrated answers."""
    times, processor_times = [], []
    for seed in range(DRAWS):
        drawn = _drawn(y, size, seed, range(classes))
        began, processor_began = time.perf_counter(), time.process_time()
        teach(x[drawn], y[drawn], classes)
        times.append(time.perf_counter() - began)
        processor_times.append(time.process_time() - processor_began)
    return {"seconds": float(np.median(times)), "processor_seconds": float(np.median(processor_times))}


def _none_of_these(
    x: np.ndarray,
    y: np.ndarray,
    x_test: np.ndarray,
    y_test: np.ndarray,
    far: dict[str, np.ndarray],
    size: int,
) -> dict[str, float]:
    """Return the shares called none of these: of pictures of taught classes, of other ones, of other sets."""
    found: dict[str, list[float]] = defaultdict(list)
    for seed in range(DRAWS):
        classes = np.random.default_rng(seed).permutation(CLASSES)[:TAUGHT]
        drawn = _drawn(y, size, seed, classes)
        labels = np.searchsorted(np.sort(classes), y[drawn])
        taught = teach(x[drawn], labels, TAUGHT)
        is_known = np.isin(y_test, classes)
        asked = {"taught classes": x_test[is_known], "other classes": x_test[~is_known], **far}
        for name, features in asked.items():
            found[name].append(float(taught.is_none_of_these(features).mean()))
        found["area, other classes"].append(
            _are_above(taught.known.of(asked["taught classes"]), taught.known.of(asked["other classes"]))
        )
    return {name: float(np.mean(values)) for name, values in found.items()}


if __name__ == "__main__":
    main()
