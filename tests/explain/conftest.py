from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render


@pytest.fixture
def digit() -> np.ndarray:
    """A drawn 3, 28×28."""
    return render(np.array([3]), seed=43)[0]
