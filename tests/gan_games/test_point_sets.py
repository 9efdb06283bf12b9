from __future__ import annotations

import numpy as np
import pytest

from core.errors import LabError
from core.gan_games import point_sets


@pytest.mark.parametrize("name", point_sets.SETS)
def test_samples_of_the_set_itself_cover_all_modes_and_are_good(name: str) -> None:
    points = point_sets.get(name)
    found = point_sets.quality(points, point_sets.sample(points, 2500))

    assert found.covered == found.modes == points.count
    assert found.good > 0.98  # a Gaussian in the plane keeps 98.9 % within three deviations
    assert np.abs(points.centres).max() <= 1


def test_a_generator_that_draws_one_mode_covers_one() -> None:
    points = point_sets.get("grid25")
    found = point_sets.quality(points, np.repeat(points.centres[7:8], 50, axis=0))

    assert (found.good, found.covered, found.modes) == (1.0, 1, 25)


def test_samples_between_the_modes_are_not_counted() -> None:
    found = point_sets.quality(point_sets.get("ring8"), np.zeros((50, 2)))

    assert (found.good, found.covered) == (0.0, 0)


def test_a_stroke_fills_the_cells_that_it_crosses_with_ink() -> None:
    ink = np.zeros((560, 560))
    ink[100:120, 35:70] = 1  # two cells across; each has 17.5 pixels

    rows, columns = np.nonzero(point_sets.cells(ink))
    assert set(columns) == {2, 3}
    assert set(rows) == {5, 6}


def test_a_drawing_is_read_back_from_its_link() -> None:
    cells = np.zeros((32, 32), bool)
    cells[3, 4:9] = True
    code = point_sets.to_code(cells)

    np.testing.assert_array_equal(point_sets.from_code(code), cells)
    assert len(code) < 200


def test_a_drawing_keeps_its_orientation_in_the_plane() -> None:
    cells = np.zeros((32, 32), bool)
    cells[0, 0] = cells[31, 31] = True

    upper_left, lower_right = point_sets.from_drawing(cells).centres
    assert upper_left[0] < -0.8 < 0.8 < upper_left[1]
    assert lower_right[1] < -0.8 < 0.8 < lower_right[0]


@pytest.mark.parametrize("code", ["", "abc", "!" * 171, "A" * 170, "é" * 171, "A" * 5000])
def test_a_damaged_drawing_is_refused(code: str) -> None:
    with pytest.raises(LabError) as refused:
        point_sets.drawn(code)
    assert refused.value.message.key == "gan_games.damaged_drawing"


def test_a_drawing_without_ink_is_refused() -> None:
    with pytest.raises(LabError) as refused:
        point_sets.drawn(point_sets.to_code(np.zeros((32, 32), bool)))
    assert refused.value.message.key == "gan_games.nothing_drawn"


def test_a_picture_with_ink_is_turned_into_a_code_and_one_without_is_not() -> None:
    paper = np.full((320, 320), 255, np.uint8)
    assert point_sets.code_of_picture(paper) is None

    paper[100:110, 30:50] = 0
    code = point_sets.code_of_picture(paper)
    assert code is not None
    assert np.argwhere(point_sets.from_code(code)).tolist() == [[10, 3], [10, 4]]
