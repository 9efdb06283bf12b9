from __future__ import annotations

import numpy as np

from core.images.glyph_links import to_code
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, panels_by_id

VIEW = {"view": "kernel"}


def test_a_kernel_is_applied_to_the_picture_and_its_output_is_pooled(open_page: OpenPage) -> None:
    at = open_page("inside", **VIEW)

    panels = panels_by_id(at)
    assert (panels["output"]["rows"], panels["output"]["columns"]) == (28, 28)
    assert {"maximum", "mean"} <= set(panels)
    assert "⌊(28 + 2 × 1 − 1 × (3 − 1) − 1) ÷ 1⌋ + 1 = 28" in equations(at)


def test_a_picture_without_ink_has_equations_too(open_page: OpenPage) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    assert "9 × 0" in equations(open_page("inside", drawing=empty))
    assert "9 × 0" in equations(open_page("inside", drawing=empty, **VIEW))
