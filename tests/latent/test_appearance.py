from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.latent.appearance import measure_appearance


def bar(width: float, height: float, shear: float = 0.0) -> np.ndarray:
    """Draw a bright box of a size in pixels, sheared to the right."""
    finer, side = 8, 28
    sheet = Image.new("L", (side * finer, side * finer))
    corners = [
        (-width / 2, -height / 2),
        (width / 2, -height / 2),
        (width / 2, height / 2),
        (-width / 2, height / 2),
    ]
    points = [((side / 2 + x - shear * y) * finer, (side / 2 + y) * finer) for x, y in corners]
    ImageDraw.Draw(sheet).polygon(points, 255)
    return np.asarray(sheet.resize((side, side), Image.Resampling.BOX))[..., None]


def test_a_sheared_bar_has_the_slant_of_its_shear_and_the_width_that_it_had_before():
    found = measure_appearance(np.stack([bar(4, 20), bar(4, 20, shear=0.5), bar(4, 20, shear=-0.5)]))
    assert found["slant"] == pytest.approx([0, 26.6, -26.6], abs=1.0)  # the arc tangent of a half
    assert found["width"] == pytest.approx(np.full(3, found["width"][0]), rel=0.05)


def test_width_height_and_size_grow_with_the_bar():
    found = measure_appearance(np.stack([bar(4, 10), bar(8, 10), bar(8, 20)]))
    assert found["width"][1] / found["width"][0] == pytest.approx(2, rel=0.1)
    assert found["height"][2] / found["height"][1] == pytest.approx(2, rel=0.1)
    assert found["size"] == pytest.approx(np.sqrt(found["width"] * found["height"]))


def test_the_stroke_weight_of_a_long_bar_is_its_thickness():
    found = measure_appearance(np.stack([bar(2, 24), bar(4, 24)]))
    assert found["stroke_weight"] == pytest.approx([2 * 24 / 26, 4 * 24 / 28], rel=0.1)


def test_an_empty_image_can_be_measured():
    found = measure_appearance(np.zeros((1, 28, 28, 1), np.uint8))
    assert all(np.isfinite(values).all() for values in found.values())
