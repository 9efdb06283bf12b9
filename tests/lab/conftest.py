from __future__ import annotations

import pytest

from core.bundles.bundle import Bundle
from core.lab.models.efficientnet_lite import BlockRun
from tests.lab.small_backbones import small_backbone


@pytest.fixture(scope="session")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a small stand-in for the shipped backbone."""
    return small_backbone(tmp_path_factory.mktemp("bundles"), 32, (BlockRun(1, 3, 2, 2, 8),))
