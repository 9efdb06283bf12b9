"""A generator as the stage uses it: classes and latent points in, images out."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError, ConfigError
from core.inference.session import Session

BATCH = 64


class Generator:
    """The generator of a bundle.

    Raises:
        BundleError: when the bundle holds a classifier.
    """

    def __init__(self, bundle: Bundle) -> None:
        if bundle.card.latent_size is None:
            raise BundleError(f"The model {bundle.name!r} reads images; choose a generator to draw them.")
        self.bundle = bundle
        self.card = bundle.card
        self.latent_size = bundle.card.latent_size
        self._session = Session(bundle)

    def latent(self, count: int, seed: int) -> np.ndarray:
        """Latent points, count×latent_size float32; point i of a seed is the same whatever the count.

        Raises:
            ConfigError: when the seed is negative.
        """
        if seed < 0:
            raise ConfigError(f"A seed is a whole number from 0 on, but got {seed}.")
        return np.random.default_rng(seed).standard_normal((count, self.latent_size), np.float32)

    def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        """Images, N×H×W×C uint8, of these classes (N) at these latent points (N×latent_size).

        Raises:
            ConfigError: when a class is not one of the model's.
        """
        labels = np.asarray(labels)
        if len(labels) and not 0 <= labels.min() <= labels.max() < len(self.card.classes):
            raise ConfigError(
                f"The model {self.bundle.name!r} draws classes 0 to {len(self.card.classes) - 1}."
            )
        labels = labels.astype(np.int32)
        batches = [
            self._session.run(
                {"label": labels[i : i + BATCH], "latent": latent[i : i + BATCH].astype(np.float32)},
                ["images"],
            )[0]
            for i in range(0, len(labels), BATCH)
        ]
        images = np.concatenate(batches) if batches else np.empty((0, *self.card.shape))
        return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)
