"""Make a compressed copy of a network for a visitor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.bundles.bundle import open_bundle
from core.datasets import registry
from core.errors import ConfigError
from core.lab.publishing.compression import SAMPLES, needs_images, publish_compressed, thinned
from core.messages import Progress, message
from core.remedies.compression import FORMS, Recipe

MOST_PRUNED = 0.99


class NetworkCompression:
    """Network of the bundle in ``folder``.

    Raises:
        BundleError: when the bundle cannot be read.
    """

    def __init__(self, progress: Progress, folder: str) -> None:
        self._bundle, self._progress = open_bundle(Path(folder)), progress

    def make(self, form: str, pruned: float, fine_tuned: bool, target: str, title: str) -> dict[str, Any]:
        """Write the bundle of a compressed copy into the folder ``target``, which the server has chosen.

        Raises:
            ConfigError: when the form or the share of pruned weights is not possible.
            DatasetError: when training images are needed and cannot be loaded.
        """
        if form not in FORMS or not 0 <= pruned <= MOST_PRUNED:
            raise ConfigError("remedies.impossible_compression")
        self._progress(message("remedies.compressing"), None)
        recipe = Recipe(form, pruned, fine_tuned)
        data = None
        if needs_images(recipe):
            data = registry.load(self._bundle.card.dataset, train_size=None if fine_tuned else SAMPLES)
        model = thinned(self._bundle, recipe, data)
        publish_compressed(self._bundle, model, recipe, data, Path(target), title)
        return {}
