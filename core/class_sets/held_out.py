"""Measure a linear head on pictures that it has not learnt from, and calibrate it on their answers.

The pictures of each class are dealt to ten parts in turn, and a head that learns from nine is asked about the
tenth. Of a class of fewer than ten pictures a part has one or none, so each of them is left out by itself. A
class of a single picture is learnt but not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.class_sets import linear_head
from core.class_sets.likeness import Likeness
from core.class_sets.linear_head import LinearHead, TurnedFeatures
from core.contract.evaluation import Evaluation, evaluate, fit_temperature, softmax
from core.errors import ClassSetError

PARTS = 10
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # pictures a class on the learning curve
DRAWS = 5  # for each of them
KEPT = 0.95  # share of the pictures held out that count as one of the classes
FEWEST_TO_CALIBRATE = 10  # answers; a temperature fitted to fewer would be chance


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Answers to pictures that were held out, each given by a head that had not seen it."""

    pictures: np.ndarray  # numbers of the pictures that were held out, rising
    labels: np.ndarray
    logits: np.ndarray
    familiarity: np.ndarray  # how alike the nearest class is, see ``likeness``

    @property
    def evaluation(self) -> Evaluation:
        """Accuracy, loss and confusion matrix."""
        return evaluate(self.logits, self.labels)


@dataclass(frozen=True, eq=False)
class TaughtHead:
    """A head that has learnt from all pictures, with what was measured on those held out."""

    head: LinearHead
    known: Likeness
    held_out: HeldOut
    temperature: float
    familiar_from: float  # pictures less alike than this are of none of the classes

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities, N×classes, of features, N×size."""
        return softmax(self.head.logits(features) / self.temperature)

    def is_none_of_these(self, features: np.ndarray) -> np.ndarray:
        """Return for each picture whether it is unlike all that was taught, N bool."""
        return self.known.of(features) < self.familiar_from


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy after learning from so many pictures of each class."""

    pictures: int  # of each class
    mean: float  # over the draws, 0 to 1
    lowest: float
    highest: float


def teach(features: np.ndarray, labels: np.ndarray, classes: int) -> TaughtHead:
    """Return a head for features (N×size) and labels (N), measured and calibrated.

    Raises:
        ClassSetError: when fewer than two classes have two pictures, so that nothing can be measured.
    """
    held_out = hold_out(features, labels, classes)
    enough = len(held_out.labels) >= FEWEST_TO_CALIBRATE
    return TaughtHead(
        head=linear_head.fit(features, labels, classes),
        known=Likeness.learn(features, labels, classes),
        held_out=held_out,
        temperature=fit_temperature(held_out.logits, held_out.labels) if enough else 1.0,
        familiar_from=threshold(held_out.familiarity),
    )


def threshold(familiarity: np.ndarray) -> float:
    """Return the familiarity that a share ``KEPT`` of held-out pictures reaches."""
    return float(np.quantile(familiarity, 1 - KEPT))


def hold_out(features: np.ndarray, labels: np.ndarray, classes: int) -> HeldOut:
    """Return the answers to pictures held out; arguments and errors as ``teach``."""
    part = parts(labels, classes)
    if np.sum(np.bincount(labels, minlength=classes) > 1) < 2:
        raise ClassSetError("class_sets.few_pictures")
    logits = np.zeros((len(labels), classes), np.float32)
    familiarity = np.zeros(len(labels), np.float32)
    turned = TurnedFeatures.of(features)
    for number in range(part.max() + 1):
        out = part == number
        logits[out] = turned.logits_of_others(out, labels, classes)
        familiarity[out] = Likeness.learn(features[~out], labels[~out], classes).of(features[out])
    asked = np.nonzero(part >= 0)[0]
    return HeldOut(asked, labels[asked], logits[asked], familiarity[asked])


def parts(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return the part, from 0, in which each picture is held out; −1 for the only picture of a class.

    Pictures that came one after the other, such as those of one second of a camera, go to different parts.
    Which pictures are together is settled by chance, but always in the same way.
    """
    rng = np.random.default_rng(0)
    part = np.full(len(labels), -1)
    for one in range(classes):
        members = rng.permutation(np.nonzero(labels == one)[0])
        if len(members) > 1:
            part[members] = np.arange(len(members)) % PARTS
    return part


def learning_curve(features: np.ndarray, labels: np.ndarray, classes: int) -> tuple[CurvePoint, ...]:
    """Return the accuracy after learning from 1, 2, 5 … pictures of each class, on all other pictures.

    The sizes end below the number of pictures of the smallest class, because one at least must be held out.
    """
    fewest = int(np.bincount(labels, minlength=classes).min())
    rng = np.random.default_rng(1)
    found = []
    for size in (size for size in SIZES if size < fewest):
        accuracies = [_accuracy_of_draw(features, labels, classes, size, rng) for _ in range(DRAWS)]
        found.append(CurvePoint(size, float(np.mean(accuracies)), min(accuracies), max(accuracies)))
    return tuple(found)


def _accuracy_of_draw(
    features: np.ndarray, labels: np.ndarray, classes: int, size: int, rng: np.random.Generator
) -> float:
    drawn = [rng.permutation(np.nonzero(labels == one)[0])[:size] for one in range(classes)]
    taught = np.zeros(len(labels), bool)
    taught[np.concatenate(drawn)] = True
    head = linear_head.fit(features[taught], labels[taught], classes)
    right = head.logits(features[~taught]).argmax(axis=1) == labels[~taught]
    return float(np.mean(right))
