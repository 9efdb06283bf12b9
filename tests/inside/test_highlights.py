from __future__ import annotations

import numpy as np

from core.inside import highlights


def test_the_strongest_map_and_cell_may_be_negative() -> None:
    maps = np.zeros((3, 4, 2))
    maps[1, 2] = (0.5, -2.0)

    assert highlights.strongest_map(maps) == 1
    assert highlights.strongest_cell(maps[..., 1]) == (1, 2)


def test_the_strongest_channel_may_have_a_negative_sum() -> None:
    assert highlights.strongest_channel(np.array([0.5, -2.0, 1.0])) == 1


def test_the_chosen_row_is_the_middle_one_of_those_with_ink() -> None:
    image = np.zeros((10, 4, 1))
    image[1:4, 2] = 1

    assert highlights.middle_inked_row(image) == 2
    assert highlights.middle_inked_row(np.zeros((10, 4, 1))) == 5


def test_the_most_varied_unit_is_the_one_with_the_widest_range() -> None:
    assert highlights.most_varied_unit(np.array([[0.9, -1.0], [0.9, 0.2], [0.8, 0.0]])) == 1
