from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import BundleError
from core.inside.recurrent_cells import GATES
from core.inside.row_reader import read as read_rows
from core.inside.vanishing_gradients import (
    GradientConfig,
    GradientCurve,
    GradientMeasurement,
    read,
    read_networks,
    write,
)
from tests.refusals import raises


def test_a_measurement_survives_its_file(tmp_path: Path) -> None:
    curve = GradientCurve(
        cell="GRU", steps=2, parameters=7, accuracy=0.5, before=(1.2341e-9, 1.0), after=(0.25, 1.0)
    )
    measured = GradientMeasurement(GradientConfig(steps=(2,), epochs=(3,)), (curve,))

    write(measured, tmp_path / "memory.json")
    found = read(tmp_path / "memory.json")

    assert found.config == measured.config
    assert found.curves[0].before == (1.234e-9, 1.0)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"config": {"steps": 3}, "curves": []}'])
def test_a_damaged_measurement_is_refused_as_damaged(tmp_path: Path, content: str) -> None:
    (tmp_path / "memory.json").write_text(content)

    with raises(BundleError, "inside.unreadable_measurement"):
        read(tmp_path / "memory.json")


def test_the_shipped_measurement_has_the_default_settings_of_its_command() -> None:
    measured = read()

    assert measured.config == GradientConfig()
    expected = {(kind, steps) for kind in GATES for steps in measured.config.steps}
    assert {(curve.cell, curve.steps) for curve in measured.curves} == expected
    for curve in measured.curves:
        assert len(curve.before) == len(curve.after) == curve.steps
        assert min(curve.before[-1], curve.after[-1]) > 0
        assert 0.05 < curve.accuracy <= 1


def test_the_shipped_networks_read_rows() -> None:
    networks = read_networks()

    assert list(networks) == list(GATES)
    for network in networks.values():
        assert read_rows(network, np.zeros((1, 28, 28), np.float32)).logits.shape == (1, 28, 10)


def test_damaged_networks_are_refused_as_damaged(tmp_path: Path) -> None:
    (tmp_path / "memory.npz").write_bytes(b"no zip")

    with raises(BundleError, "inside.unreadable_networks"):
        read_networks(tmp_path / "memory.npz")
