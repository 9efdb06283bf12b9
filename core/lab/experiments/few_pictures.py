"""Train networks on few pictures of a data set, with each remedy, all for the same number of steps."""

from __future__ import annotations

import dataclasses
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from core.bundles.bundle import pretrained
from core.class_sets import linear_head
from core.class_sets.features import shipped_backbone
from core.contract.config import AUGMENTATIONS, TOGETHER
from core.contract.evaluation import softmax
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.inference.generator import Generator
from core.lab.models import factory
from core.lab.training.augmentation import augment
from core.lab.training.short_training import ShortTraining
from core.remedies.data_curves import BOTH, DOMAINS, DataCurves

GENERATORS = {"mnist": "dcgan", "fashion_mnist": "fashion_dcgan"}
GENERATED = 500  # pictures of each class that are added, of
DRAWN = 5000  # that are drawn once
DRAWING_SEED = 1
DOMAIN_IMAGES = 10_000  # from which a network learns in another domain
CONFIDENT = 0.9  # probability from which a network's own answer is taken for a label
LEARNING_RATE = 0.002  # the peak


class FewPictures:
    """Networks that learn from few pictures of each class of a data set, one after the other."""

    def __init__(self, curves: DataCurves, data: Dataset) -> None:
        self._curves, self._data = curves, data
        self._trainings: dict[tuple[str, int], ShortTraining] = {}  # by augmentation and number of classes
        self._first: dict[tuple[str, int], list[np.ndarray]] = {}  # weights by domain and seed
        self._drawn: Dataset | None = None  # generated images
        self._features: tuple[np.ndarray, np.ndarray] | None = None  # of training and test images

    def accuracy(self, remedy: str, pictures: int, seed: int) -> float:
        """Return the accuracy on the test images (0 to 1) after learning from few pictures of each class.

        Raises:
            ConfigError: when the remedy does not apply to the data set, or a class has too few pictures.
        """
        if remedy == "backbone":
            return self._backbone_accuracy(pictures, seed)
        images, labels = self._pictures(remedy, pictures, seed)
        first = self._first_weights(remedy, seed)
        training = self._learnt(augmentation_of(remedy), images, labels, seed, first)
        return training.accuracy(self._data.x_test, self._data.y_test)

    def _pictures(self, remedy: str, pictures: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the images and labels that a network learns from with a remedy."""
        if remedy == "generated_alone":
            return self._generated(pictures, seed)
        few = few_of_each(self._data, pictures, seed)
        if remedy == "half_labels":
            few = few_of_each(self._data, pictures // 2, seed)
        if remedy == "self_training":
            return self._labelled_by_a_network(few, pictures, seed)
        if remedy == "generated_added":
            drawn, labels = self._generated(GENERATED, seed)
            return np.concatenate([few.x_train, drawn]), np.concatenate([few.y_train, labels])
        return few.x_train, few.y_train

    def _generated(self, pictures: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return so many images of each class that the shipped generator has drawn, and their labels."""
        if self._drawn is None:
            name = GENERATORS.get(self._data.info.name)
            if name is None:
                raise ConfigError("remedies.no_generator", dataset=self._data.info.title)
            generator = Generator(pretrained(name))
            labels = np.repeat(np.arange(len(self._data.info.classes)), DRAWN)
            drawn = generator.draw(labels, generator.latent(len(labels), DRAWING_SEED))
            self._drawn = dataclasses.replace(
                self._data,
                x_train=drawn.reshape(-1, *self._data.info.shape),
                y_train=labels.astype(self._data.y_train.dtype),
            )
        few = few_of_each(self._drawn, pictures, seed)
        return few.x_train, few.y_train

    def _labelled_by_a_network(self, few: Dataset, pictures: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return labelled images, half of each class, and the others that a network reads with confidence.

        Source: Lee 2013, Pseudo-label: the simple and efficient semi-supervised learning method.
        """
        half = few_of_each(self._data, pictures // 2, seed)
        others = np.arange(len(few.y_train)) % pictures >= pictures // 2  # the images go class by class
        training = self._learnt("none", half.x_train, half.y_train, seed, None)
        probabilities = softmax(training.logits(few.x_train[others]))
        confident = probabilities.max(axis=1) >= CONFIDENT
        found = probabilities.argmax(axis=1)[confident].astype(half.y_train.dtype)
        return (
            np.concatenate([half.x_train, few.x_train[others][confident]]),
            np.concatenate([half.y_train, found]),
        )

    def _first_weights(self, remedy: str, seed: int) -> list[np.ndarray] | None:
        """Return the weights after as many steps in another domain, or None where the remedy has none.

        The last layer is new where the other domain has other classes.
        """
        name = DOMAINS.get(remedy)
        if name is None:
            return None
        if (name, seed) not in self._first:
            other = registry.load(name, train_size=DOMAIN_IMAGES)
            weights = self._learnt(
                "none", other.x_train, other.y_train, seed, None, other
            ).model.get_weights()
            if other.info.classes != self._data.info.classes:
                weights[-2:] = self._new_weights(seed, self._data)[-2:]
            self._first[name, seed] = weights
        return self._first[name, seed]

    def _learnt(
        self,
        augmentation: str,
        images: np.ndarray,
        labels: np.ndarray,
        seed: int,
        first: list[np.ndarray] | None,
        data: Dataset | None = None,
    ) -> ShortTraining:
        """Return the training, at its end, of a network with these first weights or random ones."""
        data = data or self._data
        classes = len(data.info.classes)
        key = augmentation, classes
        if key not in self._trainings:
            model = factory.classifier(self._curves.architecture, data.info.shape, classes)
            self._trainings[key] = ShortTraining(
                model,
                batch_size=self._curves.batch_size,
                learning_rate=LEARNING_RATE,
                change=None if augmentation == "none" else partial(_augmented, augmentation),
            )
        training = self._trainings[key]
        training.model.set_weights(first or self._new_weights(seed, data))
        training.run(images, np.eye(classes, dtype=np.float32)[labels], self._curves.steps, seed)
        return training

    def _new_weights(self, seed: int, data: Dataset) -> list[np.ndarray]:
        keras.utils.set_random_seed(seed)
        classes = len(data.info.classes)
        return factory.classifier(self._curves.architecture, data.info.shape, classes).get_weights()

    def _backbone_accuracy(self, pictures: int, seed: int) -> float:
        """Return the accuracy of a linear head on the features of the shipped backbone, computed once."""
        chosen = places_of_each(self._data, pictures, seed)
        if self._features is None:
            backbone = shipped_backbone()
            taught, tested = (
                backbone.features_of_images(images, lambda share: None)
                for images in (self._data.x_train, self._data.x_test)
            )
            self._features = taught, tested
        taught, tested = self._features
        labels = self._data.y_train[chosen].astype(np.int64)
        head = linear_head.fit(taught[chosen], labels, len(self._data.info.classes))
        return float(np.mean(head.logits(tested).argmax(axis=1) == self._data.y_test))


def few_of_each(data: Dataset, pictures: int, seed: int) -> Dataset:
    """Return the data set with so many training images of each class; fewer of the same seed are among more.

    Raises:
        ConfigError: when a class has too few.
    """
    places = places_of_each(data, pictures, seed)
    return dataclasses.replace(data, x_train=data.x_train[places], y_train=data.y_train[places])


def places_of_each(data: Dataset, pictures: int, seed: int) -> np.ndarray:
    """Return the numbers of so many training images of each class, class by class.

    Raises:
        ConfigError: when a class has too few.
    """
    order = np.random.default_rng(seed).permutation(len(data.y_train))
    chosen = [order[data.y_train[order] == label][:pictures] for label in range(len(data.info.classes))]
    if min(map(len, chosen)) < pictures:
        raise ConfigError("remedies.too_few_pictures", wanted=pictures, count=min(map(len, chosen)))
    return np.concatenate(chosen)


def augmentation_of(remedy: str) -> str:
    """Return the name of the augmentation with which a network learns."""
    if remedy == BOTH:
        return TOGETHER
    return remedy if remedy in AUGMENTATIONS else "none"


def _augmented(kind: str, images: tf.Tensor, _targets: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    return augment(images, kind, seed)
