"""1s and 7s in rare forms."""

import numpy as np

from core.datasets.synthetic.rare_digits import rare_digits


def test_the_same_seed_gives_the_same_1s_and_7s_and_another_seed_different_ones() -> None:
    images, labels = rare_digits(40, 1)
    assert images.shape == (40, 28, 28, 1)
    assert set(labels.tolist()) == {1, 7}
    assert np.array_equal(images, rare_digits(40, 1)[0])
    assert not np.array_equal(images, rare_digits(40, 2)[0])


def test_the_upper_stroke_of_a_7_is_wider_than_the_tip_of_a_flagged_1() -> None:
    images, labels = rare_digits(200, 3)
    tops = [ink[ink.any(axis=1).argmax() :][:4] for ink in images[..., 0] > 128]
    widths = np.array([top.any(axis=0).sum() for top in tops])
    assert np.median(widths[labels == 7]) > 1.5 * np.median(widths[labels == 1])
