from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.images.normalise import normalise


@pytest.mark.parametrize("digit", [0, 2, 3, 4, 5, 7])
def test_a_drawn_digit_keeps_its_shape_at_any_size(digit: int) -> None:
    clean = render(np.array([digit]), seed=35)[0]
    large = cv2.resize(clean, (280, 280), interpolation=cv2.INTER_CUBIC)
    small = normalise(large)
    assert small.shape == (28, 28)
    assert small.dtype == np.uint8
    assert np.corrcoef(small.ravel(), normalise(clean).ravel())[0, 1] > 0.85


def test_no_ink_gives_a_black_image() -> None:
    assert not normalise(np.zeros((50, 30), np.uint8)).any()


def test_the_centre_of_mass_lies_at_the_centre() -> None:
    ink = np.zeros((100, 60), np.uint8)
    ink[10:90, 20:32] = 255
    pixels = normalise(ink).astype(float)
    rows, columns = np.indices(pixels.shape)
    assert (pixels * rows).sum() / pixels.sum() == pytest.approx(14, abs=1)
    assert (pixels * columns).sum() / pixels.sum() == pytest.approx(14, abs=1)


@pytest.mark.parametrize("radius", [30, 45, 60])
def test_a_bold_stroke_becomes_thinner_without_specks_around_it(radius: int) -> None:
    ink = np.zeros((200, 160), np.float32)
    cv2.line(ink, (80, 70), (80, 130), 1.0, 2 * radius, cv2.LINE_AA)

    image = normalise(ink)

    assert cv2.connectedComponents((image > 20).astype(np.uint8))[0] == 2
    rows = np.nonzero((image > 20).any(axis=1))[0]
    assert np.ptp(rows) + 1 >= 19  # it fills MNIST's box
