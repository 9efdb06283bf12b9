from __future__ import annotations

import numpy as np
import pytest

from core.figures import comparison
from core.figures.comparison import DASHES, PALETTE, TITLES
from core.runs.report.history import STEP_FIGURES
from tests.figures.checked import checked

overlay = checked(comparison.overlay)
parallel_coordinates = checked(comparison.parallel_coordinates)

CURVES = {"a": (np.array([1.0, 2.0]), np.array([0.5, 0.25])), "b": (np.array([1.0]), np.array([0.75]))}


@pytest.mark.parametrize("by_time", [False, True])
def test_each_run_is_a_line_with_its_own_colour_and_dash(by_time):
    figure = overlay(CURVES, "loss", by_time, smoothing=0.0)
    assert [(t.name, list(t.x), list(t.y)) for t in figure.data] == [
        ("a", [1.0, 2.0], [0.5, 0.25]),
        ("b", [1.0], [0.75]),
    ]
    assert [t.line.color for t in figure.data] == list(PALETTE[:2])
    assert [t.line.dash for t in figure.data] == list(DASHES[:2])
    assert figure.layout.xaxis.title.text == ("Seconds of training" if by_time else "Step")


def test_accuracies_are_in_per_cent_and_validation_has_a_marker_per_epoch():
    figure = overlay(CURVES, "validation_accuracy", False)
    assert [list(t.y) for t in figure.data] == [[50.0, 25.0], [75.0]]
    assert all("markers" in t.mode for t in figure.data)


def test_a_long_curve_over_time_keeps_its_ends():
    seconds = np.linspace(0.1, 50.0, 5000)
    figure = overlay({"a": (seconds, seconds)}, "loss", True, smoothing=0.0)
    (line,) = figure.data
    assert len(line.x) <= 400
    assert np.allclose(line.x, line.y, atol=0.1)


def test_every_figure_has_a_title_with_its_unit():
    assert set(STEP_FIGURES) <= set(TITLES)


def test_each_run_is_a_line_through_its_settings_to_its_result():
    rows = [{"rate": 0.1, "kind": "b", "result": 0.5}, {"rate": 0.2, "kind": "a", "result": 0.75}]
    (lines,) = parallel_coordinates(rows, {"rate": "Rate", "kind": "Kind", "result": "Accuracy"}).data
    assert [axis.label for axis in lines.dimensions] == ["Rate", "Kind", "Accuracy"]
    assert [list(axis["values"]) for axis in lines.dimensions] == [[0.1, 0.2], [1.0, 0.0], [0.5, 0.75]]
    assert list(lines.dimensions[1].ticktext) == ["a", "b"]
    assert list(lines.line.color) == [0.5, 0.75]


def test_a_few_settings_of_different_sizes_have_a_logarithmic_axis_and_the_first_names_have_room():
    rates, kinds = [0.001, 0.01, 0.1], ["x", "The network with the longest name", "y"]
    rows = [{"kind": kind, "rate": rate, "result": rate} for kind, rate in zip(kinds, rates, strict=True)]
    figure = parallel_coordinates(rows, {"kind": "Kind", "rate": "Rate", "result": "Accuracy"})
    rate = figure.data[0].dimensions[1]
    assert np.allclose(rate["values"], [-3, -2, -1])
    assert list(rate.ticktext) == ["0.001", "0.01", "0.1"]
    assert figure.layout.margin.l > 150
