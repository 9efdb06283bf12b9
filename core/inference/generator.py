"""Run a generator: classes and latent points in, images out."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError, ConfigError
from core.inference.litert_session import THREADS, Session

BATCH = 64


class Generator:
    """The generator of a bundle; ``content`` replaces its LiteRT model by a snapshot of its training.

    Raises:
        BundleError: when the bundle holds a classifier.
    """

    def __init__(self, bundle: Bundle, content: bytes | None = None) -> None:
        if bundle.card.latent_size is None:
            raise BundleError("inference.not_a_generator", name=bundle.name)
        self.bundle = bundle
        self.card = bundle.card
        self.latent_size = bundle.card.latent_size
        self._session = Session(bundle, content, THREADS)

    def latent(self, count: int, seed: int) -> np.ndarray:
        """Return latent points, count×latent_size float32; point i of a seed is the same whatever the count.

        Raises:
            ConfigError: when the seed is negative.
        """
        if seed < 0:
            raise ConfigError("inference.negative_seed", seed=seed)
        return np.random.default_rng(seed).standard_normal((count, self.latent_size), np.float32)

    @property
    def blends(self) -> bool:
        """True if it can draw images between two classes; older bundles cannot."""
        return self._session.takes("share")

    def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        """Return images, N×H×W×C uint8, of these classes (N) at these latent points (N×latent_size).

        Raises:
            ConfigError: when a class is not one of the model's, or the points are of another size.
        """
        return self.between(labels, labels, np.zeros(len(labels)), latent)

    def between(
        self, labels: np.ndarray, others: np.ndarray, shares: np.ndarray, latent: np.ndarray
    ) -> np.ndarray:
        """Return images between one class and another: a share of 0 is the first, of 1 the other.

        A model that cannot blend switches half-way.

        Raises:
            ConfigError: see ``draw``.
        """
        labels, others = self._checked(labels), self._checked(others)
        if latent.shape != (len(labels), self.latent_size):
            raise ConfigError(
                "inference.latent_size", name=self.bundle.name, size=self.latent_size, got=latent.shape[-1]
            )
        inputs = {"label": labels, "latent": latent.astype(np.float32)}
        if self.blends:
            inputs |= {"other": others, "share": np.asarray(shares, np.float32)}
        else:
            inputs["label"] = np.where(np.asarray(shares) < 0.5, labels, others)
        batches = [
            self._session.run({name: value[i : i + BATCH] for name, value in inputs.items()}, ["images"])[0]
            for i in range(0, len(labels), BATCH)
        ]
        images = np.concatenate(batches) if batches else np.empty((0, *self.card.shape), np.float32)
        np.clip(images, 0, 1, out=images)  # in place: new memory takes longer than the arithmetic
        np.multiply(images, 255, out=images)
        return np.round(images, out=images).astype(np.uint8)

    def _checked(self, labels: np.ndarray) -> np.ndarray:
        labels = np.asarray(labels)
        if len(labels) and not 0 <= labels.min() <= labels.max() < len(self.card.classes):
            raise ConfigError("inference.class_range", name=self.bundle.name, last=len(self.card.classes) - 1)
        return labels.astype(np.int32)
