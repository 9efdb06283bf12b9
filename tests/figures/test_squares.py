from __future__ import annotations

import numpy as np

from core.figures.figure import Figure
from core.figures.squares import add_squares
from tests.figures.checked import checked


def test_each_cell_has_a_square_and_a_text_that_is_legible_on_it() -> None:
    @checked
    def drawn() -> Figure:
        figure = Figure()
        add_squares(figure, np.array([[0.0, 1.0], [0.5, 0.95]]), ["a", "b", "c", "d"], (1, 0))
        return figure

    squares, texts = drawn().data

    assert list(zip(squares.y, squares.x, strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert list(squares.text) == ["", "b", "", "d"]  # white on dark squares
    assert list(texts.text) == ["a", "", "c", ""]
    assert list(squares.marker.line.width) == [0, 0, 3, 0], "the chosen one is outlined"
