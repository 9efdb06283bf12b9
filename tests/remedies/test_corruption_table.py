from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from core.images.corruption_kinds import KINDS
from core.remedies.corruption_table import CorruptionTable, measure
from core.remedies.shipped_files import read_measurement, write_measurement

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 28, 28, 1), np.uint8)
LABELS = np.array([0, 0, 0, 1, 1, 1], np.uint8)
EMPTY = CorruptionTable(
    dataset="mnist", images=6, seed=1, networks=("zero", "one", "zero+one"), baseline="one"
)


def always(label: int, probability: float):
    """Return a network that answers one of two classes whatever the images show."""
    row = (probability, 1 - probability) if label == 0 else (1 - probability, probability)
    return lambda images: np.tile(row, (len(images), 1))


READERS = {"zero": always(0, 0.9), "one": always(1, 0.6)}


def test_every_kind_is_measured_for_networks_and_ensembles() -> None:
    kept: list[CorruptionTable] = []

    table = measure(EMPTY, READERS, IMAGES, LABELS[:1].repeat(6), kept.append)

    assert table.clean == {"zero": 0.0, "one": 1.0, "zero+one": 0.0}  # the mean probability of 0 is 0.65
    assert list(table.errors) == [kind.name for kind in KINDS]
    assert all(errors["one"] == (1.0,) * 5 for errors in table.errors.values())
    assert [len(each.errors) for each in kept] == list(range(1, 16))
    assert table.mean_error("zero") == 0
    assert table.relative_error("one") == 1


def test_a_stopped_measurement_goes_on_with_the_kinds_that_it_lacks(tmp_path: Path) -> None:
    measured = {kind.name: dict.fromkeys(EMPTY.networks, (0.5,) * 5) for kind in KINDS[:-1]}
    begun = dataclasses.replace(EMPTY, clean=dict.fromkeys(EMPTY.networks, 0.5), errors=measured)
    write_measurement(begun, tmp_path / "table.json")

    kept: list[CorruptionTable] = []
    table = measure(
        read_measurement(CorruptionTable, tmp_path / "table.json"), READERS, IMAGES, LABELS, kept.append
    )

    assert len(kept) == 1
    assert {**table.errors, KINDS[-1].name: None} == {**measured, KINDS[-1].name: None}


def test_the_mean_corruption_error_is_that_of_its_definition() -> None:
    errors = {
        "fog": {"zero": (0.1, 0.1, 0.1, 0.1, 0.1), "one": (0.2, 0.2, 0.2, 0.2, 0.2)},
        "scale": {"zero": (0.0, 0.0, 0.3, 0.3, 0.4), "one": (0.1, 0.1, 0.1, 0.1, 0.1)},
    }
    table = dataclasses.replace(EMPTY, errors=errors)

    assert table.relative_error("zero") == pytest.approx((0.5 / 1.0 + 1.0 / 0.5) / 2)
    assert table.mean_error("zero") == pytest.approx(0.15)
