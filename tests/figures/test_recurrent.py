from __future__ import annotations

import numpy as np

from core.figures import recurrent
from core.inside.vanishing_gradients import GradientCurve
from tests.figures.checked import checked

accuracy_by_length = checked(recurrent.accuracy_by_length)
gradients_by_step = checked(recurrent.gradients_by_step)
unit_chart = checked(recurrent.unit_chart)
vanishing_chart = checked(recurrent.vanishing_chart)

COURSES = [
    GradientCurve(
        cell=cell, steps=steps, parameters=1, accuracy=0.5, before=(1e-20,) * steps, after=(0.1,) * steps
    )
    for cell in ("SimpleRNN", "GRU", "LSTM")
    for steps in (2, 5)
]


def test_each_length_has_a_panel_with_a_line_for_each_cell() -> None:
    figure = vanishing_chart(COURSES, trained=True)

    assert [len(line.x) for line in figure.data] == [2, 5] * 3
    assert {line.xaxis for line in figure.data} == {"x", "x2"}
    assert [line.name for line in figure.data if line.showlegend] == ["SimpleRNN", "GRU", "LSTM"]
    assert len({line.line.dash for line in figure.data}) == 3, "colour is not the only sign"
    assert {figure.layout.yaxis.type, figure.layout.yaxis2.type} == {"log"}


def test_vanished_gradients_are_not_drawn() -> None:
    lines = vanishing_chart(COURSES, trained=False).data

    assert lines
    assert all(np.isnan(line.y).all() for line in lines)


def test_accuracies_are_drawn_by_length_with_their_numbers() -> None:
    figure = accuracy_by_length(COURSES)

    assert [bar.name for bar in figure.data] == ["SimpleRNN", "GRU", "LSTM"]
    assert list(figure.data[0].x) == ["2 steps", "5 steps"]
    assert list(figure.data[0].text) == ["50.0", "50.0"]


def test_gradients_by_step_are_on_a_log_scale() -> None:
    figure = gradients_by_step({"LSTM": [1e-6, 1e-3, 1.0]})

    assert figure.layout.yaxis.type == "log"
    assert list(figure.data[0].x) == [1, 2, 3]


def test_a_unit_is_drawn_with_its_row_and_the_threshold() -> None:
    figure = unit_chart({"hidden state h": np.zeros(5), "cell state c": np.ones(5)}, 2, 0.3)

    assert {shape.x0 for shape in figure.layout.shapes} >= {3}
    assert {shape.y0 for shape in figure.layout.shapes} >= {0.3}
