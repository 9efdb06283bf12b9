from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.remedies.attack_table import (
    LEVELS,
    METHODS,
    AttackTable,
    attack_name,
    measure,
    sources,
)
from core.remedies.shipped_files import SHIPPED, read_measurement, write_measurement

IMAGES = np.full((4, 28, 28, 1), 100, np.uint8)
EMPTY = AttackTable(dataset="mnist", images=4, networks=("dark", "light", "dark+light"))
READERS = {  # both read 1 in dark images only; the second one is harder to fool
    "dark": lambda images: np.where(images[:, 0, 0] > 110, [0.9, 0.1], [0.1, 0.9]),
    "light": lambda images: np.where(images[:, 0, 0] > 130, [0.8, 0.2], [0.2, 0.8]),
}


def brighter(images: np.ndarray, labels: np.ndarray, strength: float) -> np.ndarray:
    return (images + np.uint8(round(255 * strength))).astype(np.uint8)


def test_each_network_reads_the_images_of_each_attack(tmp_path: Path) -> None:
    kept: list[AttackTable] = []

    table = measure(EMPTY, {"fgsm dark": brighter}, READERS, IMAGES, np.ones(4, int), kept.append)

    assert table.accuracy["fgsm dark"]["dark"] == tuple(float(level <= 10) for level in LEVELS)
    assert table.accuracy["fgsm dark"]["light"] == tuple(float(level <= 30) for level in LEVELS)
    assert kept == [table]
    write_measurement(table, tmp_path / "attacks.json")
    again = read_measurement(AttackTable, tmp_path / "attacks.json")
    assert again == table
    assert measure(again, {"fgsm dark": brighter}, {}, IMAGES, np.ones(4, int), kept.append) == table


def test_the_shipped_attacks_are_complete_and_worst_for_the_network_they_are_made_for() -> None:
    table = read_measurement(AttackTable, SHIPPED / "attacks_mnist.json")

    for source in sources(table):
        for method in METHODS:
            found = table.accuracy[attack_name(method, source)]
            assert len(found[source]) == len(LEVELS)
            assert found[source][-1] < found[source][0]
        pgd, fgsm = (table.accuracy[attack_name(method, source)][source] for method in ("pgd", "fgsm"))
        assert pgd[-1] == pytest.approx(min(pgd[-1], fgsm[-1]), abs=0.02)
