from __future__ import annotations

import numpy as np

from core.figures.maps import NEGATIVE, POSITIVE, as_pixels, coloured, columns, laid_over, mosaic, squared


def test_maps_without_negative_numbers_are_white_on_black() -> None:
    rgba = coloured(np.array([[0.0, 1.0], [2.0, 0.5]]))

    assert rgba[..., 3].min() == 255
    np.testing.assert_array_equal(rgba[..., 0], [[0, 128], [255, 64]])


def test_negative_and_positive_numbers_have_different_colours() -> None:
    rgba = coloured(np.array([[-2.0, 0.0, 1.0]]))

    assert tuple(rgba[0, 0]) == (*NEGATIVE, 255)
    assert tuple(rgba[0, 2]) == (*POSITIVE, 128)
    assert rgba[0, 1, 3] == 0


def test_a_map_of_zeros_is_black_without_a_division_by_zero() -> None:
    assert coloured(np.zeros((2, 2)))[..., :3].max() == 0


def test_a_mosaic_scales_each_map_by_itself_in_tiles_of_one_size() -> None:
    maps = np.stack([np.full((2, 3), k + 1.0) for k in range(5)], axis=-1)

    sheet = mosaic(maps, columns=2)

    assert sheet.shape == (3 * 3, 2 * 4, 4)
    assert (sheet[6:8, 0:3, :3] == 255).all()  # the fifth map
    assert (sheet[6:, 4:] == 0).all()  # there is no sixth map
    assert (sheet[2] == 0).all()  # a gap


def test_maps_with_negative_numbers_share_one_scale() -> None:
    maps = np.stack([np.full((2, 2), -1.0), np.full((2, 2), 4.0)], axis=-1)

    sheet = mosaic(maps, columns=2)

    assert [sheet[0, 0, 3], sheet[0, 3, 3]] == [64, 255]


def test_gradients_are_drawn_over_an_image_in_pink_for_brighter_and_blue_for_darker() -> None:
    image, slopes = np.full((1, 3, 1), 0.5), np.array([[[2.0], [0.0], [-2.0]]])

    over = laid_over(image, slopes)
    assert over.shape == (1, 3, 3)
    np.testing.assert_array_equal(over[0], [POSITIVE, (128, 128, 128), NEGATIVE])


def test_numbers_fill_the_squarest_grid_row_by_row() -> None:
    assert [columns(count) for count in (0, 1, 4, 5, 64)] == [1, 1, 2, 3, 8]
    np.testing.assert_array_equal(squared(np.array([1.0, 2.0, 3.0, 4.0, 5.0])), [[1, 2, 3], [4, 5, 0]])
    assert squared(np.ones(64)).shape == (8, 8)


def test_an_image_of_shares_becomes_bytes_and_numbers_beyond_are_clipped() -> None:
    pixels = as_pixels(np.array([[[-0.5], [0.5], [1.5]]]))

    assert pixels.dtype == np.uint8
    assert pixels[..., 0].tolist() == [[0, 128, 255]]
