"""Attack and explain the visitor's own picture by the gradients of a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.bundles.bundle import open_bundle
from core.errors import ConfigError
from core.lab.experiments.input_gradients import exciting_image, fgsm, integrated_gradients, pgd
from core.lab.publishing.export_formats import load_model
from core.messages import Progress, message

METHODS = {"fgsm": fgsm, "pgd": pgd}
BATCH = 100  # images
SEED = 1  # of the noise from which an exciting image is made
MOST = 32  # strengths of one request


class PictureGradients:
    """Network of the bundle in ``folder``, which must read values from 0 to 1.

    Raises:
        BundleError: when the bundle cannot be read.
        ConfigError: when the network reads images in another form.
    """

    def __init__(self, progress: Progress, folder: str) -> None:
        bundle = open_bundle(Path(folder))
        wanted = bundle.card.preprocessing
        if set(wanted.scale) != {255.0} or any(wanted.mean):
            raise ConfigError("remedies.other_input", name=bundle.card.title)
        progress(message("remedies.loading"), None)
        self._model, self._card = load_model(bundle), bundle.card

    def attack(
        self, pixels: np.ndarray, label: int, strengths: list[float], kind: str, targeted: bool
    ) -> dict[str, Any]:
        """Return the ``images`` (uint8, one for each strength from 0 to 1) that raise the loss of a class.

        If ``targeted``, they lower it. Values are rounded to the 256 levels of a picture.

        Raises:
            ConfigError: when the image, the class, the kind of steps or the strengths are not possible.
        """
        image = self._checked(pixels, label)
        possible = 1 <= len(strengths) <= MOST and all(0 <= strength <= 1 for strength in strengths)
        if kind not in METHODS or not possible:
            raise ConfigError("remedies.impossible_attack")
        images, labels = np.repeat(image[None], len(strengths), axis=0), np.full(len(strengths), label)
        each = np.array(strengths, np.float32)[:, None, None, None]
        found = METHODS[kind](self._model, images, labels, each, targeted=targeted)
        return {"images": np.round(255 * found).astype(np.uint8)}

    def attack_all(self, images: np.ndarray, labels: np.ndarray, strength: float, method: str) -> np.ndarray:
        """Return attacked images for many (N×H×W×C uint8)."""
        return attacked(self._model, images, labels, strength, method)

    def integrated(self, pixels: np.ndarray, label: int) -> dict[str, Any]:
        """Return the ``heat`` of a class by integrated gradients, H×W, summed over channels.

        Raises:
            ConfigError: when the image or the class is not one of the network's.
        """
        image = self._checked(pixels, label)
        return {"heat": integrated_gradients(self._model, image, label).sum(axis=-1)}

    def excite(self, layer: str, unit: int) -> dict[str, Any]:
        """Return an ``image`` (uint8, H×W×C) made to excite a unit, and its ``activations`` by step.

        Raises:
            ConfigError: when the network has no such unit.
        """
        shape = self._card.activations.get(layer)
        if shape is None or not 0 <= unit < shape[-1]:
            raise ConfigError("remedies.no_unit", name=self._card.title)
        image, activations = exciting_image(self._model, layer, unit, SEED)
        return {"image": np.round(255 * image).astype(np.uint8), "activations": activations}

    def _checked(self, pixels: np.ndarray, label: int) -> np.ndarray:
        shape = self._card.shape
        if pixels.size != np.prod(shape) or not 0 <= label < len(self._card.classes):
            raise ConfigError("remedies.other_shape", name=self._card.title)
        return pixels.reshape(shape).astype(np.float32) / 255


def attacked(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, strength: float, method: str
) -> np.ndarray:
    """Return images (N×H×W×C uint8) after steps along a network's gradients, in small batches."""
    parts = [slice(i, i + BATCH) for i in range(0, len(images), BATCH)]
    found = [METHODS[method](model, images[p].astype(np.float32) / 255, labels[p], strength) for p in parts]
    return np.round(255 * np.concatenate(found)).astype(np.uint8)
