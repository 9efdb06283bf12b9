from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.lab.training.fast import float32_only


@pytest.fixture
def float32() -> Iterator[None]:
    """Compute all products in float32, so that formulas can be compared."""
    with float32_only():
        yield
