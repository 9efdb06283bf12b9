"""Keep accuracies after learning from few pictures, by remedy, number of pictures and seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from core.contract.config import SINGLE_AUGMENTATIONS, TOGETHER
from core.contract.field_labels import AUGMENTATION_LABELS
from core.language import N_
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "data_{dataset}.json"
SEEDS = (1, 2, 3)
NOTHING, BOTH = "nothing", "both"
AUGMENTING = (*SINGLE_AUGMENTATIONS, TOGETHER)
REMEDIES = {  # ids: what visitors read
    NOTHING: N_("Nothing"),
    **{name: AUGMENTATION_LABELS[name] for name in AUGMENTING},
    "generated_added": N_("Generated pictures added"),
    "generated_alone": N_("Generated pictures alone"),
    "rendered": N_("Rendered digits first"),
    "letters": N_("Letters first"),
    "clothes": N_("Clothes first"),
    "digits": N_("Digits first"),
    BOTH: N_("Rendered digits first, and all six"),
    "half_labels": N_("Half of the labels"),
    "self_training": N_("Half of the labels, self-training"),
    "cutout": N_("Mirror, shift, colours and cut-out"),
    "backbone": N_("Pretrained backbone"),
}
DOMAINS = {  # remedy: the data set from which a network learns first
    "rendered": "rendered",
    "letters": "emnist_letters",
    "clothes": "fashion_mnist",
    "digits": "mnist",
    BOTH: "rendered",
}
GROUPS = {  # ids: what visitors read
    "augmentation": N_("Augmentation"),
    "generated": N_("Generated pictures"),
    "domain": N_("Another domain"),
    "labels": N_("Half of the labels"),
    "colour": N_("Remedies"),
}
GENERATED = ("generated_added", "generated_alone")
HALF, SELF_TRAINING = "half_labels", "self_training"
GROUPED = {  # the remedies of a group; those that were not measured on a data set are left out
    "augmentation": AUGMENTING,
    "generated": GENERATED,
    "domain": ("rendered", "letters", "clothes", "digits", BOTH),
    "labels": (HALF, SELF_TRAINING),
    "colour": ("cutout", "backbone"),
}


@dataclass(frozen=True)
class Plan:
    """Remedies that are measured on a data set, and the numbers of pictures of each class."""

    remedies: tuple[str, ...]
    sizes: tuple[int, ...] = (20, 100, 500, 5000)


PLANS = {
    "mnist": Plan(
        (NOTHING, *AUGMENTING, *GENERATED, "rendered", "letters", "clothes", BOTH, HALF, SELF_TRAINING),
    ),
    "fashion_mnist": Plan(
        (NOTHING, *AUGMENTING, *GENERATED, "rendered", "letters", "digits", BOTH, HALF, SELF_TRAINING),
    ),
    "cifar10": Plan((NOTHING, "cutout", "backbone"), (20, 100, 500)),
}


@dataclass(frozen=True, kw_only=True)
class DataPoint:
    """One training and its accuracy on the test images."""

    remedy: str
    pictures: int  # of each class
    seed: int
    accuracy: float  # 0 to 1


@dataclass(frozen=True, kw_only=True)
class DataCurves:
    """All trainings that were measured, with what they have in common."""

    dataset: str
    architecture: str
    steps: int
    batch_size: int
    test_images: int
    points: tuple[DataPoint, ...] = ()

    def missing(self, plan: Plan, seeds: Sequence[int] = SEEDS) -> Iterator[tuple[str, int, int]]:
        """Yield remedy, pictures and seed of each training that is still to be made, seed by seed."""
        done = {(point.remedy, point.pictures, point.seed) for point in self.points}
        for seed in seeds:
            for size in plan.sizes:
                for remedy in plan.remedies:
                    if (remedy, size, seed) not in done:
                        yield remedy, size, seed

    def with_point(self, point: DataPoint) -> DataCurves:
        """Return the curves with one more training."""
        return dataclasses.replace(self, points=(*self.points, point))

    def by_remedy(self) -> dict[str, dict[int, list[float]]]:
        """Return the accuracies by remedy and number of pictures, one for each seed."""
        found: dict[str, dict[int, list[float]]] = {}
        for remedy in REMEDIES:
            for point in self.points:
                if point.remedy == remedy:
                    found.setdefault(remedy, {}).setdefault(point.pictures, []).append(point.accuracy)
        return found

    def means(self, remedy: str) -> dict[int, float]:
        """Return the mean accuracy over seeds by number of pictures."""
        found = self.by_remedy().get(remedy, {})
        return {size: mean(found[size]) for size in sorted(found)}


@dataclass(frozen=True)
class Effect:
    """Mean accuracies (0 to 1) without and with a remedy, from so many pictures of each class."""

    remedy: str
    pictures: int
    before: float
    after: float
    is_clear: bool  # both have several seeds, and their ranges do not overlap


def effects(curves: DataCurves, remedies: Sequence[str], pictures: int, baseline: str) -> list[Effect]:
    """Return the effects of those remedies that were measured, the best first; none without the baseline."""
    found = curves.by_remedy()
    before = found.get(baseline, {}).get(pictures)
    if before is None:
        return []
    measured = []
    for remedy in remedies:
        after = found.get(remedy, {}).get(pictures)
        if after is not None:
            apart = min(after) > max(before) or max(after) < min(before)
            several = min(len(before), len(after)) > 1
            measured.append(Effect(remedy, pictures, mean(before), mean(after), apart and several))
    return sorted(measured, key=lambda effect: -effect.after)


def worth_in_real_pictures(curves: DataCurves, size: int) -> float | None:
    """Return how many real pictures give the accuracy of one that is generated, from ``size`` generated ones.

    The curve of real pictures is interpolated over the logarithm of their number; None where the accuracy
    lies beyond that curve, or one of the two was not measured.
    """
    real, generated = curves.means(NOTHING), curves.means("generated_alone").get(size)
    if generated is None or len(real) < 2 or not min(real.values()) <= generated <= max(real.values()):
        return None
    accuracies = np.maximum.accumulate(list(real.values()))
    return float(np.exp(np.interp(generated, accuracies, np.log(list(real))))) / size
