"""Measure networks and ensembles on corrupted test images: a table of errors by kind and strength."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.images.corruption_kinds import KINDS, STRENGTHS, CorruptionKind, corrupted_stack
from core.remedies.ensembles import averaged, members
from core.remedies.shipped_files import SHIPPED

STEP = 1000  # images that are corrupted and read at once
FILE = SHIPPED / "corruptions_{dataset}.json"
Read = Callable[[np.ndarray], np.ndarray]
"""Function from uint8 images (N×H×W×C) to probabilities (N×classes)."""


@dataclass(frozen=True, kw_only=True)
class CorruptionTable:
    """Shares of images (0 to 1) that networks read wrongly.

    A table that was stopped half way holds the kinds that were measured.
    """

    dataset: str
    images: int  # the first of the test images
    seed: int
    networks: tuple[str, ...]  # names as in ``core.remedies.ensembles``
    baseline: str  # the network to whose errors the others are compared
    clean: Mapping[str, float] = field(default_factory=dict)  # by network, of images as they are
    errors: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)
    """By kind and network: one number for each of ``STRENGTHS``."""

    def mean_error(self, network: str) -> float:
        """Return the mean error of a network over all measured kinds and strengths."""
        return float(np.mean([by_network[network] for by_network in self.errors.values()]))

    def relative_error(self, network: str) -> float:
        """Return the mean corruption error: the mean over kinds of its error divided by the baseline's.

        Source: Hendrycks, Dietterich 2019, Benchmarking neural network robustness, section 4.1.
        """
        ratios = [
            sum(by_network[network]) / max(sum(by_network[self.baseline]), 1e-9)
            for by_network in self.errors.values()
        ]
        return float(np.mean(ratios))


def measure(
    table: CorruptionTable,
    readers: Mapping[str, Read],
    images: np.ndarray,
    labels: np.ndarray,
    keep: Callable[[CorruptionTable], None],
) -> CorruptionTable:
    """Return the table with the kinds that it lacks, for its first ``images`` test images.

    Args:
        table: what has been measured so far.
        readers: the networks that the table's networks are made of, by name.
        images: test images, uint8 N×28×28×1.
        labels: their classes.
        keep: called with the table after each kind, so that nothing is measured twice.
    """
    images, labels = images[: table.images], labels[: table.images]
    if not table.clean:
        table = dataclasses.replace(table, clean=errors_of(table.networks, readers, images, labels))
    for kind in KINDS:
        if kind.name not in table.errors:
            found = _errors_of_kind(kind, table, readers, images, labels)
            table = dataclasses.replace(table, errors={**table.errors, kind.name: found})
            keep(table)
    return table


def errors_of(
    networks: Sequence[str], readers: Mapping[str, Read], images: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """Return the share of images that each network or ensemble reads wrongly."""
    needed = {member for network in networks for member in members(network)}
    probabilities = {name: readers[name](images) for name in sorted(needed)}
    return {n: float(np.mean(averaged(probabilities, n).argmax(axis=1) != labels)) for n in networks}


def _errors_of_kind(
    kind: CorruptionKind,
    table: CorruptionTable,
    readers: Mapping[str, Read],
    images: np.ndarray,
    labels: np.ndarray,
) -> dict[str, tuple[float, ...]]:
    by_strength = [
        errors_of(table.networks, readers, _corrupted(kind, strength, images, table.seed), labels)
        for strength in STRENGTHS
    ]
    return {n: tuple(round(found[n], 5) for found in by_strength) for n in table.networks}


def _corrupted(kind: CorruptionKind, strength: int, images: np.ndarray, seed: int) -> np.ndarray:
    parts = range(0, len(images), STEP)
    return np.concatenate([corrupted_stack(kind, strength, images[i : i + STEP], seed + i) for i in parts])
