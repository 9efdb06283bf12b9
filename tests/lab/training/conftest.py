from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.lab.models import factory
from core.lab.training.fast import float32_only
from tests.lab.small_networks import small_cnn, small_gan


@pytest.fixture
def float32() -> Iterator[None]:
    """Compute all products in float32, so that formulas can be compared."""
    with float32_only():
        yield


@pytest.fixture(scope="module")
def small_deep() -> Iterator[None]:
    """Let the deep network have one convolution, for tests of what trains it: it takes long to trace."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(factory.CLASSIFIERS, "deep", small_cnn)
        yield


@pytest.fixture(scope="module")
def small_dcgan() -> Iterator[None]:
    """Let the players of the DCGAN have few layers, for tests of what trains them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(factory.GANS, "dcgan", small_gan)
        yield
