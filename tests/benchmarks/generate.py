"""Measure how fast a generator draws, inverts and trains, as JSON: ``python -m tests.benchmarks.generate``.

Ratios are of medians taken in turn. Keras works in a child process of its own, as it does in the app.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

import click
import numpy as np

from core.bundles.bundle import pretrained, pretrained_names
from core.datasets.synthetic.handwriting import balanced_labels, render
from core.inference.generator import Generator
from core.latent.interpolation import slerp
from core.latent.inversion import invert
from tests.benchmarks.training.speed import as_worker, epoch_clock

GENERATOR, IN_COLOUR = "dcgan", "avatars"
ROUNDS = 15
CALLS = 15  # of one contender in a row: in the first ones the other's threads are still winding down
SEARCHES = 5
TRAININGS = {"grey": 9, "colour": 5}
STEPS = {"grey": 96, "colour": 32}  # of a GAN, timed at once: some of R1's intervals
BATCH = 64


@click.command()
@click.option("--colour", is_flag=True, help="Measure a sheet and the training in colour, in a minute.")
def main(colour: bool) -> None:
    """Print one JSON object."""
    with ProcessPoolExecutor(1, get_context("spawn")) as keras:
        if colour:
            report = _sheet(keras, IN_COLOUR) if IN_COLOUR in pretrained_names() else {}
        else:
            report = {**_sheet(keras, GENERATOR), **_journey(), **_search()}
        with ProcessPoolExecutor(1, get_context("spawn"), as_worker) as worker:
            report |= _training(keras, worker, "colour" if colour else "grey")
    click.echo(json.dumps(report, indent=1))


def _sheet(keras: ProcessPoolExecutor, name: str) -> dict[str, float]:
    """Time 64 images of a shipped generator, beside Keras's ``predict``."""
    generator = Generator(pretrained(name))
    labels, latent = np.arange(BATCH) % 10, generator.latent(BATCH, 0)
    generator.draw(labels, latent)
    keras.submit(predict, name).result()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours += [_seconds(lambda: generator.draw(labels, latent)) for _ in range(CALLS)]
        theirs += [keras.submit(predict, name).result() for _ in range(CALLS)]
    return _ratio("images_64", ours, theirs, "keras_predict")


def _journey() -> dict[str, float]:
    """Time 60 frames between the images of 16 tracks."""
    generator = Generator(pretrained(GENERATOR))
    ends = generator.latent(32, 0)
    labels = np.repeat(np.arange(16) % 10, 60)
    shares = np.tile(np.linspace(0, 1, 60), 16)

    def journey() -> None:
        latent = np.concatenate([slerp(ends[i], ends[16 + i], np.linspace(0, 1, 60)) for i in range(16)])
        generator.between(labels, (labels + 1) % 10, shares, latent)

    return {"interpolation_60_frames_16_tracks_seconds": statistics.median(_times(journey, ROUNDS))}


def _search() -> dict[str, float]:
    """Time the inversion of digits in another hand."""
    generator = Generator(pretrained(GENERATOR))
    labels = balanced_labels(SEARCHES, 3)
    seconds, errors = [], []
    for label, image in zip(labels, render(labels, 3), strict=True):
        began = time.perf_counter()
        *_, found = invert(generator, image[..., None], int(label))
        seconds.append(time.perf_counter() - began)
        errors.append(found.error)
    return {
        "closest_seconds": statistics.median(seconds),
        "closest_error_grey_levels": statistics.median(errors),
    }


def _training(keras: ProcessPoolExecutor, worker: ProcessPoolExecutor, kind: str) -> dict[str, float]:
    """Time a GAN's training beside a plain Keras ``train_step`` that does the same, written in two ways.

    Ours is in a process with a worker's environment, the others in one with TensorFlow's defaults.
    """
    times: dict[str, list[float]] = {"ours": [], "keras_recipe": [], "keras_same_passes": []}
    if kind == "colour":
        del times["keras_recipe"]
    for i in range(TRAININGS[kind] + 1):
        for name, seconds in times.items():
            took = (worker if name == "ours" else keras).submit(train, kind, name).result()
            if i:  # the first time it compiled
                seconds.append(took)
    speeds = {name: STEPS[kind] * BATCH / statistics.median(seconds) for name, seconds in times.items()}
    return {
        **{f"gan_images_per_second_{name}": speed for name, speed in speeds.items()},
        **{f"gan_times_faster_than_{name}": speeds["ours"] / speeds[name] for name in list(speeds)[1:]},
    }


def _ratio(name: str, ours: list[float], theirs: list[float], other: str) -> dict[str, float]:
    mine, its = statistics.median(ours), statistics.median(theirs)
    return {f"{name}_seconds": mine, f"{name}_{other}_seconds": its, f"{name}_times_faster": its / mine}


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _times(work: Callable[[], Any], rounds: int) -> Iterator[float]:
    work()
    return (_seconds(work) for _ in range(rounds))


# in the child processes


def predict(name: str) -> float:
    """Return the seconds that Keras's ``predict`` takes for 64 images."""
    model, inputs = _loaded(name)
    return _seconds(lambda: model.predict(inputs, batch_size=BATCH, verbose=0))


def train(kind: str, name: str) -> float:
    """Return the seconds that the steps of a training take."""
    if name == "ours":
        return _seconds(_ours(kind).run)
    model, images, labels = _plain(kind, name == "keras_recipe")
    clock = epoch_clock(times := {})
    model.fit(images, labels, batch_size=BATCH, shuffle=True, verbose=0, callbacks=[clock])
    return times["end"] - times["begin"]


@cache
def _loaded(name: str) -> tuple[Any, list[np.ndarray]]:
    import keras  # noqa: PLC0415

    bundle = pretrained(name)
    latent = np.random.default_rng(0).standard_normal((BATCH, bundle.card.latent_size or 0), np.float32)
    return keras.models.load_model(bundle.folder / "model.keras"), [
        latent,
        np.arange(BATCH, dtype=np.int32) % 10,
    ]


@cache
def _ours(kind: str) -> Any:
    from tests.benchmarks.plain_gan import OurSteps  # noqa: PLC0415 (imports TensorFlow)

    return OurSteps(kind, STEPS[kind], BATCH)


@cache
def _plain(kind: str, again: bool) -> tuple[Any, np.ndarray, np.ndarray]:
    from tests.benchmarks.plain_gan import PlainGan, data  # noqa: PLC0415

    few = data(kind, STEPS[kind] * BATCH)
    return PlainGan(kind, BATCH, again), few.x_train.astype(np.float32) / 255, few.y_train.astype(np.int32)


if __name__ == "__main__":
    main()
