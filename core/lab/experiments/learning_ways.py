"""Measure three ways to learn from few pictures of a class set, draw by draw."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from core.bundles.bundle import pretrained
from core.class_sets import linear_head
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.features import BACKBONE, Features, features_of, shipped_backbone
from core.class_sets.held_out import SIZES
from core.class_sets.split import split
from core.class_sets.ways_to_learn import Way, configuration
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OWN
from core.contract.events import Finished
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.sources.own import photographs
from core.errors import ConfigError
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.fine_tuning import CutNetwork, FineTuning
from core.messages import Progress

LARGEST = 50  # pictures a class; more would take minutes a draw
DRAWS = 3
MOST_TESTED = 40  # pictures of a class; the others are too many to be asked about each time


class LearningWays:
    """Networks that learn from a few pictures of each class of a set, and are asked about the others.

    Raises:
        ClassSetError: when there is no such set.
        DatasetError: when it cannot be used for training.
    """

    def __init__(self, progress: Progress, set_id: str) -> None:
        self._described = described = own_class_sets().open(set_id)
        name, backbone = f"{OWN}:{set_id}", pretrained(BACKBONE)
        self._small = _whole(registry.load(name))
        large = _whole(photographs(name, backbone.card.preprocessing, None, 0, progress))
        self._network = CutNetwork(backbone, len(described.classes))
        self._maps = self._network.maps(large.x_train, progress)
        self._features = self._in_order(
            features_of(own_class_sets(), described, shipped_backbone(), progress)
        )

    def plan(self) -> dict[str, Any]:
        """Return from how many pictures of each class to learn, which leaves one at least, and the draws."""
        fewest = int(np.bincount(self._small.y_train, minlength=len(self._small.info.classes)).min())
        sizes = [size for size in SIZES if size < fewest and size <= LARGEST]
        return {"sizes": sizes, "draws": DRAWS}

    def measure(self, way: str, pictures: int, draw: int) -> dict[str, Any]:
        """Return the accuracy, 0 to 1, after learning from so many pictures of each class, and for how many.

        Raises:
            ConfigError: when the set has too few pictures for this.
        """
        if pictures not in self.plan()["sizes"]:
            raise ConfigError("lab.pictures_to_learn_from", count=pictures)
        taught, tested = self._drawn(pictures, draw)
        if way == Way.LINEAR:
            return {"accuracy": self._linear_accuracy(taught, tested), "tested": len(tested)}
        config = dataclasses.replace(configuration(Way(way), self._described.id, len(taught)), seed=draw)
        training = self._training(config, Way(way), taught, tested)
        for event in training:
            if isinstance(event, Finished):
                return {"accuracy": event.metrics["test_accuracy"], "tested": len(tested)}
        raise AssertionError("a training ends with Finished")

    def _training(
        self, config: ClassifierConfig, way: Way, taught: np.ndarray, tested: np.ndarray
    ) -> ClassifierTraining:
        images, labels = self._small.x_train, self._small.y_train
        data = Dataset(self._small.info, images[taught], labels[taught], images[tested], labels[tested])
        if way is Way.SCRATCH:
            return ClassifierTraining(config, data, learn_from_all=True)
        maps = self._maps[taught], self._maps[tested]
        return FineTuning(config, data, self._network, maps, learn_from_all=True)

    def _linear_accuracy(self, taught: np.ndarray, tested: np.ndarray) -> float:
        labels = self._small.y_train.astype(np.int64)
        head = linear_head.fit(self._features[taught], labels[taught], len(self._small.info.classes))
        return float(np.mean(head.logits(self._features[tested]).argmax(axis=1) == labels[tested]))

    def _in_order(self, found: Features) -> np.ndarray:
        """Return features in the order of the data set's pictures."""
        number = {picture_id: k for k, picture_id in enumerate(found.pictures)}
        taught, tested = split(self._described)
        return found.values[[number[picture.id] for _, picture in (*taught, *tested)]]

    def _drawn(self, pictures: int, draw: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of the pictures to learn from, and of those to ask about."""
        rng = np.random.default_rng((draw, pictures))
        classes = range(len(self._small.info.classes))
        shuffled = [rng.permutation(np.nonzero(self._small.y_train == one)[0]) for one in classes]
        taught = np.concatenate([one[:pictures] for one in shuffled])
        return taught, np.concatenate([one[pictures : pictures + MOST_TESTED] for one in shuffled])


def _whole(data: Dataset) -> Dataset:
    """Return a data set with all pictures as training pictures; each draw divides them again."""
    images = np.concatenate([data.x_train, data.x_test])
    labels = np.concatenate([data.y_train, data.y_test])
    return dataclasses.replace(data, x_train=images, y_train=labels)
