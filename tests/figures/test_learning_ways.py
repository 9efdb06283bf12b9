from __future__ import annotations

import pytest

from core.figures import learning_ways
from tests.figures.checked import checked

accuracy_over_pictures = checked(learning_ways.accuracy_over_pictures)


def test_each_way_is_a_line_through_the_means_of_its_draws():
    figure = accuracy_over_pictures({"head": {5: (0.5, 0.7), 1: (0.2,)}, "scratch": {1: (0.1,)}}, 0.25)
    head, scratch = figure.data
    assert (list(head.x), list(head.y)) == ([1, 5], pytest.approx([20, 60]))
    assert list(head.error_y.array) == pytest.approx([0, 10])
    assert list(head.error_y.arrayminus) == pytest.approx([0, 10])
    assert head.line.dash != scratch.line.dash
    assert list(figure.layout.xaxis.tickvals) == [1, 5]
    assert figure.layout.shapes[0].y0 == 25
