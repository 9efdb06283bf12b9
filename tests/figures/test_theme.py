from __future__ import annotations

from core.figures.figure import Figure
from core.figures.theme import finish, wrapped


def test_titles_of_axes_are_broken_where_they_would_be_cut_off() -> None:
    figure = Figure()
    figure.update_xaxes(title="Step")
    figure.update_yaxes(title="D(x): probability < 1 given to real images (0 to 1)")

    layout = finish(figure, height=240).to_dict()["layout"]

    assert layout["xaxis"]["title"]["text"] == "Step"
    assert layout["yaxis"]["title"]["text"] == "D(x): probability &lt; 1<br>given to real images (0<br>to 1)"


def test_chinese_titles_are_broken_between_any_two_characters() -> None:
    assert wrapped("判别器给出的真实概率", 14 * 4) == "判别器给\n出的真实\n概率"
    assert wrapped("D(x)：真实", 14 * 5) == "D(x)：真\n实"
    assert wrapped("indivisible", 10) == "indivisible"
