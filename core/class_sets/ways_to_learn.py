"""Compare three ways to learn the classes of a set, on the same pictures held out.

A linear head learns on the features of a network that knows a thousand things; fine-tuning trains the last
blocks of that network as well; a small CNN learns from nothing. The first answers at once, the others are
runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.class_sets import linear_head
from core.class_sets.class_set import ClassSet
from core.class_sets.features import Features
from core.class_sets.split import split
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OWN
from core.language import N_
from core.messages import Message, message

Z = 1.96  # of an interval that covers 95 % of a normal distribution


class Way(StrEnum):
    """A way to learn classes."""

    LINEAR = "linear"
    FINE_TUNED = "fine_tuned"
    SCRATCH = "scratch"


RUNS = (Way.FINE_TUNED, Way.SCRATCH)  # the ways that need a training run
TITLES = {
    Way.LINEAR: N_("Linear head"),
    Way.FINE_TUNED: N_("Fine-tuned"),
    Way.SCRATCH: N_("From scratch"),
}


@dataclass(frozen=True)
class Result:
    """How many test pictures a network got right."""

    right: int
    tested: int

    @classmethod
    def of(cls, accuracy: float, tested: int) -> Result:
        """Return the result of an accuracy from 0 to 1."""
        return cls(round(accuracy * tested), tested)

    @property
    def accuracy(self) -> float:
        """Share of the pictures, 0 to 1."""
        return self.right / self.tested

    @property
    def interval(self) -> tuple[float, float]:
        """Return the accuracies, 0 to 1, with which this result is compatible at 95%.

        Source: Wilson 1927, Probable inference, the law of succession, and statistical inference.
        """
        n, p = self.tested, self.accuracy
        middle, width = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        return (middle - width) / (1 + Z**2 / n), (middle + width) / (1 + Z**2 / n)


@dataclass(frozen=True)
class WayPoint:
    """Accuracies of one way after learning from so many pictures of each class, one for each draw."""

    way: Way
    pictures: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the draws, 0 to 1."""
        return float(np.mean(self.accuracies))


def configuration(way: Way, set_id: str, pictures: int) -> ClassifierConfig:
    """Return the configuration of a run that learns a set in one of ``RUNS``, from so many pictures in all.

    Chosen on CIFAR-10's training pictures; see docs/models.md. Few pictures need more epochs.
    """
    few, batch_size = pictures < 400, 32 if pictures >= 100 else 16
    if way is Way.FINE_TUNED:
        return ClassifierConfig(
            architecture="efficientnet_lite0",
            dataset=f"{OWN}:{set_id}",
            augmentation="mirror",
            epochs=20 if few else 10,
            batch_size=batch_size,
            learning_rate=0.0005 if few else 0.001,
        )
    return ClassifierConfig(
        architecture="tutorial",
        dataset=f"{OWN}:{set_id}",
        augmentation="mirror",
        epochs=60 if few else 30,
        batch_size=batch_size,
    )


def linear_result(described: ClassSet, features: Features) -> Result:
    """Return how a linear head does on the test pictures of the data set ``own:ID``.

    It learns from that data set's training pictures alone, so that its result compares with those of runs.
    """
    number = {picture_id: k for k, picture_id in enumerate(features.pictures)}
    taught, tested = (
        np.array([number[picture.id] for _, picture in part], np.int64) for part in split(described)
    )
    values, labels = features.values, features.labels
    head = linear_head.fit(values[taught], labels[taught], len(described.classes))
    right = head.logits(values[tested]).argmax(axis=1) == labels[tested]
    return Result(int(right.sum()), len(tested))


def comparison(results: dict[Way, Result]) -> Message | None:
    """Return what the results say of the ways; None for fewer than two.

    Two results differ for certain only if neither accuracy is in the interval of the other.
    """
    if len(results) < 2:
        return None
    ordered = sorted(results, key=lambda way: -results[way].accuracy)
    best, second = ordered[:2]
    tested = results[best].tested
    values = {"best": Message(TITLES[best]), "second": Message(TITLES[second]), "tested": tested}
    if results[best].right == results[second].right:
        return message("class_sets.ways_equal", **values)
    if _may_be_chance(results[best], results[second]):
        more = results[best].right - results[second].right
        return message("class_sets.ways_by_chance", **values, more=more)
    return message("class_sets.ways_differ", **values)


def trend(points: Sequence[WayPoint]) -> Message | None:
    """Return which way led with the fewest and with the most pictures; None where only one was measured."""
    ways = [way for way in Way if any(point.way is way for point in points)]
    sizes = [
        size
        for size in sorted({point.pictures for point in points})
        if all(_point(points, way, size) for way in ways)
    ]
    if len(ways) < 2 or not sizes:
        return None
    leaders = {size: max(ways, key=lambda way: _mean(points, way, size)) for size in sizes}
    fewest, most = sizes[0], sizes[-1]
    if leaders[fewest] is leaders[most]:
        return message("class_sets.way_leads", way=Message(TITLES[leaders[most]]), fewest=fewest, most=most)
    return message(
        "class_sets.ways_cross",
        first=Message(TITLES[leaders[fewest]]),
        last=Message(TITLES[leaders[most]]),
        fewest=fewest,
        most=most,
    )


def _may_be_chance(better: Result, worse: Result) -> bool:
    return worse.interval[1] >= better.accuracy or better.interval[0] <= worse.accuracy


def _point(points: Sequence[WayPoint], way: Way, size: int) -> WayPoint | None:
    return next((point for point in points if (point.way, point.pictures) == (way, size)), None)


def _mean(points: Sequence[WayPoint], way: Way, size: int) -> float:
    point = _point(points, way, size)
    return point.mean if point else 0.0
