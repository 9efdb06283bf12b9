from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import Bundle, open_bundle
from core.class_sets.features import Backbone
from core.class_sets.held_out import TaughtHead, teach
from core.lab.publishing.taught import publish_taught

NAMES = ("red", "<b>blue</b>", "绿")
COLOURS = np.array([[210, 40, 40], [40, 50, 200], [30, 170, 50]])


def pictures(each: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    labels = np.repeat(np.arange(3), each)
    noise = np.random.default_rng(seed).normal(0, 30, (len(labels), 32, 32, 3))
    return (COLOURS[labels][:, None, None] + noise).clip(0, 255).astype(np.uint8), labels


@pytest.fixture(scope="session")
def taught(backbone: Bundle) -> TaughtHead:
    images, labels = pictures(6, 0)
    return teach(Backbone(backbone).features(images), labels, 3)


@pytest.fixture(scope="session")
def bundle(taught: TaughtHead, backbone: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("taught") / "colours"
    publish_taught(taught, NAMES, backbone, folder, {"held_out_accuracy": 1.0}, "Colours")
    return open_bundle(folder)
