from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.remedies import compression
from core.remedies.compression import (
    RECIPES,
    CompressionTable,
    MeasuredNetwork,
    Recipe,
    measured,
)
from core.remedies.shipped_files import SHIPPED, read_measurement, write_measurement


def test_a_bundle_is_measured_on_images(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compression, "TIMED", 1)
    labels = np.array([1, 1], np.uint8)
    bundle = pretrained("plain_cnn")

    found = measured(bundle, Recipe("float16"), "plain_cnn", np.zeros((2, 28, 28, 1), np.uint8), labels)

    assert found.kilobytes == len(bundle.tflite) / 1000
    assert 0 < found.packed_kilobytes < found.kilobytes
    assert found.accuracy in (0.0, 1.0)
    table = CompressionTable("mnist", 2, (found,))
    write_measurement(table, tmp_path / "table.json")
    (again,) = read_measurement(CompressionTable, tmp_path / "table.json").networks
    assert again.accuracy == found.accuracy
    assert table.missing() == list(RECIPES[1:])
    assert again.kilobytes == pytest.approx(found.kilobytes, rel=1e-4)


def test_the_shipped_table_says_that_eight_bits_halve_the_file_at_nearly_the_same_accuracy() -> None:
    table = read_measurement(CompressionTable, SHIPPED / "compression_mnist.json")
    by_form: dict[str, MeasuredNetwork] = {
        one.form: one for one in table.networks if one.network == "cnn" and not one.pruned
    }

    assert by_form["dynamic8"].kilobytes < 0.6 * by_form["float16"].kilobytes
    assert by_form["dynamic8"].accuracy == pytest.approx(by_form["float16"].accuracy, abs=0.002)
