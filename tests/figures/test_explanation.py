from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from core.figures import explanation
from tests.figures.checked import checked

by_row = checked(explanation.by_row)
over_image = checked(explanation.over_image)


def test_zero_of_a_signed_map_is_in_the_middle_of_the_colour_scale() -> None:
    heat = np.zeros((28, 28))
    heat[3, 4] = -0.5
    heat[5, 6] = 0.25
    figure = over_image(np.zeros((28, 28), np.uint8), heat, signed=True)
    assert (figure.data[1].zmin, figure.data[1].zmax) == (-0.5, 0.5)
    np.testing.assert_array_equal(figure.data[1].z, heat)


def test_a_small_colour_image_is_shown_in_colour_with_square_pixels_below_its_map() -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[0, 0] = (30, 60, 90)
    figure = over_image(pixels, np.zeros((32, 32)), signed=False)
    (shown,) = figure.data
    assert np.shape(shown.z) == (32, 32)
    (picture,) = figure.layout.images
    below = np.asarray(Image.open(io.BytesIO(base64.b64decode(picture.source.partition(",")[2]))))
    assert (below[:7, :7] == (30, 60, 90)).all()
    assert not below[7:, 7:].any()


def test_a_photograph_is_shown_in_colour_below_a_coarser_map() -> None:
    heat = np.arange(224 * 224, dtype=np.float32).reshape(224, 224) / 224**2
    figure = over_image(np.zeros((224, 224, 3), np.uint8), heat, signed=False)
    (shown,) = figure.data
    assert np.shape(shown.z) == (56, 56)
    assert shown.x0 + 55 * shown.dx == 224 - 1 - 1.5
    (picture,) = figure.layout.images
    assert picture.source.startswith("data:image/jpeg")
    assert (picture.sizex, picture.sizey) == (224, 224)


def test_the_chart_by_row_shows_the_likeliest_classes_in_per_cent() -> None:
    probabilities = np.full((28, 10), 0.01)
    probabilities[:, 7] = np.linspace(0.1, 0.9, 28)
    figure = by_row(probabilities, [str(k) for k in range(10)])
    assert figure.data[0].name == "7"
    assert figure.data[0].y[-1] == 90
    assert "%" in figure.layout.yaxis.title.text
    assert len({trace.line.dash for trace in figure.data}) == len(figure.data)  # colour is not the only sign
