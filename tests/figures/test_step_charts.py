from __future__ import annotations

from core.figures import step_charts
from tests.figures.checked import checked

gradient_chart = checked(step_charts.gradient_chart)
step_loss_chart = checked(step_charts.step_loss_chart)


def test_the_first_layer_is_at_the_top_with_its_gradient_beside_it() -> None:
    figure = gradient_chart(["conv1", "logits"], [0.25, 0.031])

    (bars,) = figure.data
    assert [name.strip() for name in bars.y] == ["logits", "conv1"]  # from the bottom
    assert list(bars.text) == ["0.031", "0.25"]


def test_a_single_loss_is_visible() -> None:
    (line,) = step_loss_chart([2.3]).data

    assert "markers" in line.mode
    assert (list(line.x), list(line.y)) == ([0], [2.3])


def test_many_losses_are_a_line() -> None:
    assert step_loss_chart([1.0] * 300).data[0].mode == "lines"
