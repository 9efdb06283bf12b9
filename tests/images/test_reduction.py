from __future__ import annotations

import numpy as np

from core.images.reduction import reduced


def test_a_pixel_of_a_reduced_image_is_the_mean_of_a_square():
    images = np.arange(32, dtype=np.uint8).reshape(1, 4, 4, 2)
    assert reduced(images, 2)[0, ..., 0].tolist() == [[5, 9], [21, 25]]
    assert reduced(images, 4) is images
