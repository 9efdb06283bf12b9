from __future__ import annotations

import numpy as np

from core.images.enlarge import SIDE, enlarged, enlarged_frames

IMAGE = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)


def test_pixel_art_keeps_its_squares_and_its_colours():
    large = np.asarray(enlarged(IMAGE, squares=True))
    assert large.shape == (SIDE, SIDE, 3)
    assert np.array_equal(large, IMAGE.repeat(SIDE // 16, 0).repeat(SIDE // 16, 1))


def test_other_images_are_smooth_and_of_the_same_size():
    frames = enlarged_frames(np.stack([IMAGE[..., :1]] * 2), squares=False)
    assert frames.shape == (2, SIDE, SIDE)
    assert len(np.unique(frames[0])) > len(np.unique(IMAGE[..., 0]))
