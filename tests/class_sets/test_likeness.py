from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.likeness import Likeness
from tests.class_sets.conftest import clouds


def test_a_class_is_familiar_and_its_opposite_is_not():
    x, y = clouds(3, 5)
    known = Likeness.learn(x, y, 3)
    middle = x[y == 1].astype(np.float32).mean(axis=0)
    assert known.of(middle[None]) == pytest.approx(1, abs=1e-3)
    assert known.of(-x.astype(np.float32).mean(axis=0)[None]) < 0.5
    assert np.isfinite(known.of(np.zeros((1, x.shape[1])))).all()
