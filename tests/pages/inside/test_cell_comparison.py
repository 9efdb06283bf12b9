from __future__ import annotations

from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import panels_by_id
from tests.pages.looks import charts, words


def test_three_cells_read_the_picture_side_by_side(open_page: OpenPage) -> None:
    at = open_page("inside", part="memory", view="cells")

    assert {"simplernn", "gru", "lstm"} <= set(panels_by_id(at))
    shown = charts(at)
    assert {"probabilities simplernn", "probabilities gru", "probabilities lstm"} <= set(shown)
    assert [line["name"] for line in shown["cells gradients"]["data"]] == ["SimpleRNN", "GRU", "LSTM"]
    assert "measure-memory" in words(at)
