"""Keep accuracies after learning from few pictures, by remedy, number of pictures and seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from core.language import N_
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "data_{dataset}.json"
SIZES = (20, 100, 500)  # pictures of each class
SEEDS = (1, 2, 3)
REMEDIES = {  # ids: what visitors read
    "nothing": N_("Nothing"),
    "affine": N_("Augmentation: shift, turn, scale"),
    "photo": N_("Augmentation: all"),
    "generated": N_("Generated pictures added"),
    "other_domain": N_("Learnt on rendered digits first"),
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
    points: tuple[DataPoint, ...] = ()

    def missing(
        self, sizes: tuple[int, ...] = SIZES, seeds: tuple[int, ...] = SEEDS
    ) -> Iterator[tuple[str, int, int]]:
        """Yield remedy, pictures and seed of each training that is still to be made, seed by seed."""
        done = {(point.remedy, point.pictures, point.seed) for point in self.points}
        for seed in seeds:
            for size in sizes:
                for remedy in REMEDIES:
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
