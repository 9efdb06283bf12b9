"""Publish small stand-ins for the shipped backbone."""

from __future__ import annotations

from pathlib import Path

import keras

from core.bundles.bundle import Bundle, open_bundle
from core.lab.models.efficientnet_lite import NAME, BlockRun, efficientnet_lite0
from core.lab.publishing.backbone import publish_backbone
from core.lab.publishing.everyday_words import NamedClass


def small_backbone(folder: Path, side: int, stages: tuple[BlockRun, ...]) -> Bundle:
    """Write the bundle of a small network of two classes below a folder, and return it."""
    keras.utils.set_random_seed(2)
    model = efficientnet_lite0((side, side, 3), 2, stages=stages, head=24)
    publish_backbone(model, tuple(NamedClass("n", name, "cat") for name in "ab"), folder / NAME)
    return open_bundle(folder / NAME)
