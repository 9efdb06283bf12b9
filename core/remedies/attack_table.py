"""Measure how many test images networks still read after adversarial steps, their own and other networks'."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.remedies.corruption_table import Read, errors_of
from core.remedies.ensembles import members
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "attacks_{dataset}.json"
LEVELS = (0, 8, 16, 24, 32, 48, 64)  # strengths, of 255
METHODS = ("fgsm", "pgd")
Attack = Callable[[np.ndarray, np.ndarray, float], np.ndarray]
"""Function from uint8 images, labels and a strength (0 to 1) to attacked uint8 images."""


@dataclass(frozen=True, kw_only=True)
class AttackTable:
    """Shares of images (0 to 1) that networks read rightly, over ``LEVELS``."""

    dataset: str
    images: int  # the first of the test images
    networks: tuple[str, ...]  # names as in ``core.remedies.ensembles``
    accuracy: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)
    """By attack (method and attacked network, as ``attack_name`` joins them) and by reading network."""


def attack_name(method: str, source: str) -> str:
    """Return the name of the steps that a method takes along a network's gradients."""
    return f"{method} {source}"


def measure(
    table: AttackTable,
    attacks: Mapping[str, Attack],
    readers: Mapping[str, Read],
    images: np.ndarray,
    labels: np.ndarray,
    keep: Callable[[AttackTable], None],
) -> AttackTable:
    """Return the table with the attacks that it lacks, by their names; ``keep`` is called after each."""
    images, labels = images[: table.images], labels[: table.images]
    for name, attack in attacks.items():
        if name not in table.accuracy:
            errors = [
                errors_of(table.networks, readers, attack(images, labels, level / 255), labels)
                for level in LEVELS
            ]
            found = {n: tuple(round(1 - each[n], 5) for each in errors) for n in table.networks}
            table = dataclasses.replace(table, accuracy={**table.accuracy, name: found})
            keep(table)
    return table


def sources(table: AttackTable) -> list[str]:
    """Return the single networks of a table, along whose gradients steps were taken."""
    return [name for name in table.networks if len(members(name)) == 1]
