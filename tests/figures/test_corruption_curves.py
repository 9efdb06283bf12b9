from __future__ import annotations

import numpy as np

from core.explain.robustness import ProbabilityCurve
from core.figures import classification, corruption_curves
from core.figures.classification import NetworkAnswer
from core.images.corruptions import CORRUPTIONS
from tests.figures.checked import checked

ranked_probabilities = checked(classification.ranked_probabilities)
probability_over_strength = checked(corruption_curves.probability_over_strength)


def test_curves_of_each_network_and_of_all_together_have_the_colour_of_their_bars() -> None:
    families = ("cnn", "rnn", "ensemble")
    courses = [ProbabilityCurve(family, family, 0.5, np.array([[0.9, 0.1]])) for family in families]
    curves = probability_over_strength(courses, families, ["3", "8"], 0, np.array([0.0]), CORRUPTIONS[0], 0.0)
    bars = ranked_probabilities(
        [NetworkAnswer(family, family, np.array([0.9, 0.1])) for family in families], "38"
    )
    assert {line.name: line.line.color for line in curves.data if line.mode == "lines"} == {
        bar.name: bar.marker.color for bar in bars.data
    }


def test_curves_are_in_per_cent_with_rings_at_changes_and_a_line_at_the_slider() -> None:
    values = np.array([0.0, 1.0, 2.0])
    courses = [
        ProbabilityCurve("A", "cnn", 0.5, np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]])),
        ProbabilityCurve("B", "rnn", 0.5, np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]])),
    ]
    figure = probability_over_strength(courses, ["A", "B"], ["3", "8"], 0, values, CORRUPTIONS[0], 1.0)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    rings = [trace for trace in figure.data if trace.mode == "markers"]
    np.testing.assert_allclose(lines[0].y, [90, 70, 20])
    assert [list(ring.x) for ring in rings] == [[2.0], []]
    assert lines[0].line.dash != lines[1].line.dash  # colour is not the only sign
    assert figure.layout.shapes[0].x0 == 1.0
    assert "°" in figure.layout.xaxis.title.text
    assert "%" in figure.layout.yaxis.title.text
