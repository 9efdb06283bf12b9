"""Measure those remedies of ``measure-remedies`` for which networks are trained."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from core.bundles.bundle import shipped_classifier
from core.commands.common import quiet_tensorflow
from core.contract.evaluation import softmax
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.inference.classifier import Classifier
from core.messages import Message
from core.remedies import adversarial_training, attack_table, corruption_table, data_curves, distillation
from core.remedies.adversarial_training import ADVERSARIAL, PLAIN, AdversarialSettings, AdversarialTraining
from core.remedies.attack_table import Attack, AttackTable, attack_name
from core.remedies.compression import CompressionTable
from core.remedies.corruption_table import CorruptionTable, Read
from core.remedies.data_curves import PLANS, DataCurves, DataPoint
from core.remedies.shipped_files import read_measurement, shipped_file, write_measurement

DATA_NETWORK, DATA_STEPS, DATA_BATCH = "lenet5", 500, 64  # of each training from few pictures
ADVERSARIAL_NETWORK, ADVERSARIAL_STEPS, ADVERSARIAL_STRENGTH = "tutorial", 1500, 48
ATTACKED = 300  # test images
DISTILLING_STEPS = 6_000
M = TypeVar("M", CorruptionTable, CompressionTable, DataCurves)


def begun(table: M, file: Path, **empty: Any) -> M:
    """Return the measurement that a file holds, if it was begun with the same settings.

    Args:
        table: the measurement at its beginning.
        file: where it is kept.
        empty: its fields that are filled, as they are at the beginning.

    Raises:
        ConfigError: when its settings are others.
    """
    if not file.exists():
        return table
    found = read_measurement(type(table), file)
    if replace(found, **empty) != table:
        raise ConfigError("remedies.other_measurement", file=file)
    return found


def _measure_data(data: Dataset, _seed: int, out: Path | None) -> None:
    with quiet_tensorflow():
        from core.lab.experiments.few_pictures import FewPictures  # noqa: PLC0415 (TensorFlow)

    file = out or shipped_file(data_curves.FILE, data.info.name)
    empty = DataCurves(
        dataset=data.info.name,
        architecture=DATA_NETWORK,
        steps=DATA_STEPS,
        batch_size=DATA_BATCH,
        test_images=len(data.x_test),
    )
    curves = begun(empty, file, points=())
    few = FewPictures(curves, data)
    for remedy, pictures, draw in curves.missing(PLANS[data.info.name]):
        began = time.monotonic()
        accuracy = few.accuracy(remedy, pictures, draw)
        curves = curves.with_point(DataPoint(remedy=remedy, pictures=pictures, seed=draw, accuracy=accuracy))
        write_measurement(curves, file)
        seconds = time.monotonic() - began
        click.echo(f"{remedy:16} {pictures:5} a class, seed {draw}: {accuracy:7.2%} {seconds:6.1f} s")


def _measure_adversarial(data: Dataset, seed: int, out: Path | None) -> None:
    with quiet_tensorflow():
        from core.lab.experiments.adversarial_training import trained_networks  # noqa: PLC0415 (TensorFlow)
        from core.lab.experiments.picture_gradients import attacked  # noqa: PLC0415 (TensorFlow)
        from core.lab.publishing.export_formats import load_model  # noqa: PLC0415 (TensorFlow)

    file = out or shipped_file(adversarial_training.FILE, data.info.name)
    settings = AdversarialSettings(
        architecture=ADVERSARIAL_NETWORK,
        steps=ADVERSARIAL_STEPS,
        batch_size=DATA_BATCH,
        strength=ADVERSARIAL_STRENGTH,
        seed=seed,
    )
    trainings = trained_networks(settings, data)
    readers: dict[str, Read] = {name: _reader(training.logits) for name, training in trainings.items()}
    shipped = shipped_classifier(data.info.classes, data.info.shape)
    models = {name: training.model for name, training in trainings.items()}
    models[shipped.name] = load_model(shipped)

    def attack(source: str, method: str) -> Attack:
        return lambda images, labels, strength: attacked(models[source], images, labels, strength, method)

    attacks = {attack_name(m, source): attack(source, m) for source in models for m in attack_table.METHODS}
    images, labels = data.x_test[:ATTACKED], data.y_test[:ATTACKED]
    empty = AttackTable(dataset=data.info.name, images=len(images), networks=(PLAIN, ADVERSARIAL))
    spoilt = CorruptionTable(
        dataset=data.info.name,
        images=len(images),
        seed=seed,
        networks=(PLAIN, ADVERSARIAL),
        baseline=PLAIN,
    )
    found = AdversarialTraining(
        settings=settings,
        attacks=attack_table.measure(empty, attacks, readers, images, labels, lambda _: None),
        corruptions=corruption_table.measure(spoilt, readers, images, labels, lambda _: None),
    )
    write_measurement(found, file)
    for name, by_network in found.attacks.accuracy.items():
        for network, accuracy in by_network.items():
            click.echo(f"{name:20} {network:12} " + " ".join(f"{share:7.1%}" for share in accuracy))


def _reader(logits: Callable[[np.ndarray], np.ndarray]) -> Read:
    return lambda images: softmax(logits(images))


def _distil(data: Dataset, seed: int, out: Path | None) -> None:
    with quiet_tensorflow():
        from core.lab.experiments.distillation import distilled  # noqa: PLC0415 (TensorFlow)
        from core.lab.publishing.publish import publish  # noqa: PLC0415 (TensorFlow)

    def told(news: Message, _share: float | None) -> None:
        click.echo(str(news))

    teacher = Classifier(shipped_classifier(data.info.classes, data.info.shape))
    training = distilled(teacher, data, DISTILLING_STEPS, seed, told)
    publish(training, out or shipped_file(distillation.FOLDER, data.info.name))
    click.echo(f"{training.metrics['test_accuracy']:.2%}")


TRAININGS: dict[str, Callable[[Dataset, int, Path | None], None]] = {
    "data": _measure_data,
    "adversarial": _measure_adversarial,
    "distil": _distil,
}
