from __future__ import annotations

from pathlib import Path

import keras
import pytest

from core.bundles.bundle import Bundle, open_bundle
from core.lab.models.efficientnet_lite import BlockRun, efficientnet_lite0
from core.lab.publishing.backbone import publish_backbone
from core.lab.publishing.everyday_words import NamedClass


@pytest.fixture(scope="session")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a small stand-in for the shipped backbone."""
    keras.utils.set_random_seed(2)
    model = efficientnet_lite0((32, 32, 3), 2, stages=(BlockRun(1, 3, 2, 2, 8),), head=24)
    folder: Path = tmp_path_factory.mktemp("bundles") / "backbone"
    publish_backbone(model, tuple(NamedClass("n", name, "cat") for name in "ab"), folder)
    return open_bundle(folder)
