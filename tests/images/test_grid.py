"""Many small images are laid out as one."""

from __future__ import annotations

import numpy as np
import pytest

from core.images.grid import grid


def numbered(count: int, *shape: int) -> np.ndarray:
    return np.stack([np.full(shape, i + 1, np.uint8) for i in range(count)])


def test_images_lie_in_rows_with_gaps() -> None:
    sheet = np.asarray(grid(numbered(5, 4, 3), columns=2, gap=1))
    assert sheet.shape == (3 * 4 + 2, 2 * 3 + 1)
    assert sheet[0, 0] == 1
    assert sheet[0, 4] == 2
    assert sheet[10, 0] == 5
    assert (sheet[4] == 0).all()
    assert (sheet[:, 3] == 0).all()
    assert (sheet[10:, 4:] == 0).all()


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 2), (5, 3), (100, 10)])
def test_without_columns_the_grid_is_nearly_square(count: int, columns: int) -> None:
    assert grid(numbered(count, 2, 2), gap=0).width == 2 * columns


def test_images_with_and_without_a_channel_axis_look_the_same() -> None:
    images = numbered(3, 5, 5)
    assert grid(images).tobytes() == grid(images[..., None]).tobytes()


def test_colour_images_keep_their_colours() -> None:
    sheet = grid(numbered(4, 5, 5, 3), gap=1)
    assert sheet.mode == "RGB"
    assert sheet.size == (11, 11)


def test_scale_repeats_pixels() -> None:
    small, large = grid(numbered(4, 5, 5)), grid(numbered(4, 5, 5), scale=3)
    assert (np.asarray(large) == np.kron(np.asarray(small), np.ones((3, 3), np.uint8))).all()


def test_inverted_images_lie_on_white() -> None:
    images = numbered(3, 5, 5)
    assert (np.asarray(grid(images, invert=True)) == 255 - np.asarray(grid(images))).all()


def test_a_grid_of_no_images_is_one_empty_cell() -> None:
    assert grid(np.empty((0, 28, 28), np.uint8)).size == (28, 28)
