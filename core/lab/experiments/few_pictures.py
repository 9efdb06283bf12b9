"""Train a network on few pictures of a data set, with a remedy, for the same number of steps."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np

from core.bundles.bundle import pretrained
from core.contract.config import ClassifierConfig
from core.contract.events import Finished
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.inference.generator import Generator
from core.lab.training.classifier_training import ClassifierTraining
from core.remedies.data_curves import DataCurves

GENERATORS = {"mnist": "dcgan", "fashion_mnist": "fashion_dcgan"}
GENERATED = 500  # pictures of each class that are added
OTHER_DOMAINS = {"mnist": "rendered"}
OTHER_IMAGES = 5000  # images of the other domain


def accuracy_after(curves: DataCurves, data: Dataset, remedy: str, pictures: int, seed: int) -> float:
    """Return the accuracy on the test images (0 to 1) after learning from few pictures of each class.

    Raises:
        ConfigError: when the remedy does not apply to the data set, or a class has too few pictures.
    """
    few = few_of_each(data, pictures, seed)
    first = None
    if remedy == "generated":
        few = _with_generated(few, seed)
    elif remedy == "other_domain":
        first = _other_weights(curves, data.info.name, seed)
    augmentation = remedy if remedy in ("affine", "photo") else "none"
    training = _training(curves, few, augmentation, seed, first)
    return _finished(training).metrics["test_accuracy"]


def few_of_each(data: Dataset, pictures: int, seed: int) -> Dataset:
    """Return the data set with so many training images of each class; fewer of the same seed are among more.

    Raises:
        ConfigError: when a class has too few.
    """
    order = np.random.default_rng(seed).permutation(len(data.y_train))
    chosen = [order[data.y_train[order] == label][:pictures] for label in range(len(data.info.classes))]
    if min(map(len, chosen)) < pictures:
        raise ConfigError("remedies.too_few_pictures", wanted=pictures, count=min(map(len, chosen)))
    places = np.concatenate(chosen)
    return dataclasses.replace(data, x_train=data.x_train[places], y_train=data.y_train[places])


def _with_generated(few: Dataset, seed: int) -> Dataset:
    name = GENERATORS.get(few.info.name)
    if name is None:
        raise ConfigError("remedies.no_generator", dataset=few.info.title)
    generator = Generator(pretrained(name))
    labels = np.repeat(np.arange(len(few.info.classes)), GENERATED)
    drawn = generator.draw(labels, generator.latent(len(labels), seed)).reshape(-1, *few.x_train.shape[1:])
    return dataclasses.replace(
        few,
        x_train=np.concatenate([few.x_train, drawn]),
        y_train=np.concatenate([few.y_train, labels.astype(few.y_train.dtype)]),
    )


def _other_weights(curves: DataCurves, dataset: str, seed: int) -> list[np.ndarray]:
    """Return the weights after as many steps on the other domain."""
    name = OTHER_DOMAINS.get(dataset)
    if name is None:
        raise ConfigError("remedies.no_other_domain", dataset=dataset)
    other = registry.load(name, train_size=OTHER_IMAGES, seed=seed)
    training = _training(curves, other, "none", seed, None)
    _finished(training)
    return training.learner.get_weights()


def _training(
    curves: DataCurves, data: Dataset, augmentation: str, seed: int, first: list[np.ndarray] | None
) -> ClassifierTraining:
    """Return a training of one epoch, in which the pictures are repeated until the steps are full."""
    places = np.resize(np.arange(len(data.y_train)), curves.steps * curves.batch_size)
    repeated = dataclasses.replace(data, x_train=data.x_train[places], y_train=data.y_train[places])
    config = ClassifierConfig(
        architecture=curves.architecture,
        dataset=data.info.name,
        augmentation=augmentation,
        validation_split=0.01,  # of images that are learnt from, too: nothing is chosen by them
        epochs=1,
        batch_size=curves.batch_size,
        seed=seed,
    )
    training = ClassifierTraining(config, repeated, learn_from_all=True)
    if first is not None:
        training.learner.set_weights(first)
    return training


def _finished(training: ClassifierTraining) -> Finished:
    """Run a training to its end."""
    last = None
    for event in training:
        last = event
    keras.backend.clear_session()
    assert isinstance(last, Finished)
    return last
