"""Make a compressed copy of a network for a visitor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.bundles.bundle import open_bundle
from core.datasets import registry
from core.errors import ConfigError
from core.lab.publishing.compression import publish_compressed
from core.messages import Progress, message
from core.remedies.compression import FORMS, Recipe

SAMPLES = 200  # training images from which the ranges of activations are learnt
MOST_PRUNED = 0.99


class NetworkCompression:
    """Network of the bundle in ``folder``.

    Raises:
        BundleError: when the bundle cannot be read.
    """

    def __init__(self, progress: Progress, folder: str) -> None:
        self._bundle, self._progress = open_bundle(Path(folder)), progress

    def make(self, form: str, pruned: float, target: str) -> dict[str, Any]:
        """Write the bundle of a compressed copy into the folder ``target``, which the server has chosen.

        Raises:
            ConfigError: when the form or the share of pruned weights is not possible.
            DatasetError: when full 8 bits need training images that cannot be loaded.
        """
        if form not in FORMS or not 0 <= pruned <= MOST_PRUNED:
            raise ConfigError("remedies.impossible_compression")
        self._progress(message("remedies.compressing"), None)
        samples = None
        if form == "full8":
            samples = registry.load(self._bundle.card.dataset, train_size=SAMPLES).x_train
        publish_compressed(self._bundle, Recipe(form, pruned), samples, Path(target))
        return {}
