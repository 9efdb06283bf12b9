from __future__ import annotations

import pytest

from core.lab.training.fast import products


@pytest.fixture
def float32(monkeypatch) -> None:
    """Compute all products in float32, so that formulas can be compared."""
    monkeypatch.setattr(products, "has_bfloat16", lambda: False)
