from __future__ import annotations

import numpy as np

from core.explain.robustness import Course
from core.figures.robustness import confidence_over_strength
from core.images.corruptions import CORRUPTIONS


def test_curves_in_percent_rings_at_changes_and_a_line_at_the_slider() -> None:
    values = np.array([0.0, 1.0, 2.0])
    courses = [
        Course("A", "cnn", 0.5, np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]])),
        Course("B", "rnn", 0.5, np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]])),
    ]
    figure = confidence_over_strength(courses, ["3", "8"], 0, values, CORRUPTIONS[0], 1.0)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    rings = [trace for trace in figure.data if trace.mode == "markers"]
    np.testing.assert_allclose(lines[0].y, [90, 70, 20])
    assert [list(ring.x) for ring in rings] == [[2.0], []]
    assert lines[0].line.dash != lines[1].line.dash  # colour is not the only sign
    assert figure.layout.shapes[0].x0 == 1.0
    assert "°" in figure.layout.xaxis.title.text
    assert "%" in figure.layout.yaxis.title.text
