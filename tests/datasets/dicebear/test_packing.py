from __future__ import annotations

import numpy as np

from core.datasets.dicebear.packing import digest, pack, unpack

RANDOM = np.random.default_rng(0)
ARRAYS = {
    "x_train": RANDOM.integers(0, 256, (7, 4, 4, 3), np.uint8),
    "y_train": np.arange(7, dtype=np.uint8),
    "x_test": RANDOM.integers(0, 256, (2, 4, 4, 3), np.uint8),
    "y_test": np.arange(2, dtype=np.uint8),
}


def test_packed_images_are_read_without_loss(tmp_path):
    pack(ARRAYS, tmp_path / "packed.npz")
    read = unpack(tmp_path / "packed.npz", 4)
    assert read.keys() == ARRAYS.keys()
    assert all(np.array_equal(read[name], array) for name, array in ARRAYS.items())
    assert digest(read) == digest(ARRAYS)


def test_one_other_level_changes_the_digest():
    changed = ARRAYS | {"x_test": ARRAYS["x_test"] ^ np.eye(4, dtype=np.uint8)[..., None]}
    assert digest(changed) != digest(ARRAYS)
