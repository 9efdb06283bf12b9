from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.datasets.dataset import Dataset
from core.inside.recurrent_cells import GATES
from core.inside.vanishing_gradients import GradientConfig, GradientCurve, read, read_networks
from core.lab.experiments import gradient_measurement
from core.messages import Progress, message


def untrained(config: GradientConfig, data: Dataset, progress: Progress) -> Iterator[Any]:
    """Yield what ``gradient_measurement.measure`` yields, but train nothing."""
    for cell in GATES:
        network = gradient_measurement.network(cell, 4, 196, config.units, 10)
        norms = (0.1, 0.2, 0.3, 0.4)
        curve = GradientCurve(cell=cell, steps=4, parameters=9, accuracy=0.1, before=norms, after=norms)
        yield curve, gradient_measurement.double_precision_reader(network)


def test_a_measurement_is_written_with_its_networks_and_printed_line_by_line(
    core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gradient_measurement, "measure", untrained)
    out = tmp_path / "memory.json"
    small = ("--dataset", "rendered", "--train-size", "100", "--units", "4", "--steps", "4", "--epochs", "1")

    result = core("measure-memory", *small, "--out", str(out))

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(GATES)
    measured = read(out)
    assert (measured.config.steps, measured.config.units) == ((4,), 4)
    assert [len(curve.after) for curve in measured.curves] == [4, 4, 4]
    assert read_networks(out.with_suffix(".npz"))["GRU"].cells[0].units == 4


def test_steps_that_do_not_divide_an_image_are_refused(refused):
    expected = message("commands.indivisible_steps", height=28, width=28, channels=1, steps=29)
    assert refused("measure-memory", "--steps", "29", "--epochs", "1") == f"Error: {expected}"


def test_epochs_must_be_given_for_each_number_of_steps(refused):
    refusal = refused("measure-memory", "--steps", "28", "--steps", "56")
    assert refusal == f"Error: {message('commands.epochs_per_steps')}"


def test_a_damaged_data_set_is_reported_before_the_training_on_rows(refused, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    (tmp_path / "cifar10.npz").write_bytes(b"no zip")

    expected = message("datasets.unreadable_npz", path=tmp_path / "cifar10.npz")
    assert refused("train-rows", "--dataset", "cifar10") == f"Error: {expected}"


def test_the_shipped_cnn_measures_the_network_that_draws_rows(core):
    result = core("evaluate", "rows", "--dataset", "rendered", "--samples", "30")

    assert result.exit_code == 0
    figures = dict(line.rsplit(maxsplit=1) for line in result.stdout.splitlines())
    assert figures["classifier"] == "cnn"
    assert float(figures["completion accuracy real"]) > 0.9
    assert float(figures["completion accuracy"]) > 0.3
