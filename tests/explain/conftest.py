from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render


@pytest.fixture
def digit() -> np.ndarray:
    """Return a drawn 3, 28×28 uint8."""
    return render(np.array([3]), seed=43)[0]
