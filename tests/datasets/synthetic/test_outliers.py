"""Pictures of no class."""

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import balanced_labels, render
from core.datasets.synthetic.outliers import CLOTHING, as_photographed, outliers


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return render(balanced_labels(200, 1), 1)[..., None]


def test_the_same_seed_gives_the_same_images_and_another_seed_different_ones(digits: np.ndarray) -> None:
    assert np.array_equal(outliers(digits, 40, 1), outliers(digits, 40, 1))
    assert not np.array_equal(outliers(digits, 40, 1), outliers(digits, 40, 2))


@pytest.mark.parametrize("subject", ["digit", CLOTHING])
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
def test_outliers_have_the_shape_of_the_data_sets_images(shape: tuple[int, int, int], subject: str) -> None:
    found = outliers(np.full((5, *shape), 9, np.uint8), 60, 3, subject)
    assert found.shape == (60, *shape)
    assert found.dtype == np.uint8


def test_outliers_differ_from_each_other_and_are_not_all_dark(digits: np.ndarray) -> None:
    found = outliers(digits, 200, 4)
    assert len(np.unique(found.reshape(200, -1), axis=0)) > 180  # blanks may be alike
    assert (found.max(axis=(1, 2, 3)) > 50).mean() > 0.9


def test_flaws_of_photographs_change_most_images_a_little_in_a_copy(
    digits: np.ndarray,
) -> None:
    before = digits.copy()
    found = as_photographed(digits, 1)
    assert np.array_equal(digits, before)
    assert 0.5 < np.mean((found != digits).any(axis=(1, 2, 3))) < 0.95
    assert np.abs(found.astype(int) - digits).mean() < 25


def test_images_cut_into_pieces_keep_their_ink(digits: np.ndarray) -> None:
    whole = digits[:1]
    sums = outliers(whole, 100, 5).astype(int).sum(axis=(1, 2, 3))
    assert (sums == whole.astype(int).sum()).sum() >= 4  # one outlier in twenty is cut into pieces
