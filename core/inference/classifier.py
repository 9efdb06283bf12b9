"""Run a classifier: a batch of images in, probabilities and activations out."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Bundle
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inference.litert_session import THREADS, Session, check_image_shape

FAMILIES = ("cnn", "rnn", "backbone")
BATCH_PIXELS = 32 * 28 * 28  # of a batch; larger ones are no faster and need more memory


class Classifier:
    """The CNN, RNN or backbone of a bundle.

    Raises:
        BundleError: when the bundle holds a generator.
    """

    def __init__(self, bundle: Bundle) -> None:
        if bundle.card.family not in FAMILIES:
            raise BundleError("inference.not_a_classifier", name=bundle.name)
        self.bundle = bundle
        self.card = bundle.card
        self._session = Session(bundle, threads=1 if bundle.card.family == "rnn" else THREADS)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return logits, N×classes, of uint8 images, N×H×W or N×H×W×C.

        Raises:
            ImageError: when the images are not of the model's shape.
        """
        images = self._checked(images)
        batch = max(1, BATCH_PIXELS // (images.shape[1] * images.shape[2]))
        starts = range(0, max(1, len(images)), batch)
        return np.concatenate([self._run(images[i : i + batch], ["logits"])[0] for i in starts])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities, N×classes, of uint8 images, N×H×W or N×H×W×C."""
        return softmax(self.logits(images) / self.card.temperature)

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every named activation of the card for uint8 images, each with N along its first axis."""
        names = list(self.card.activations)
        return dict(zip(names, self._run(self._checked(images), names), strict=True))

    def _run(self, images: np.ndarray, outputs: list[str]) -> list[np.ndarray]:
        if not len(images):  # LiteRT takes no empty batch
            return [np.empty((0, *self.card.activations[name]), np.float32) for name in outputs]
        return self._session.run({"image": self.card.preprocessing.to_input(images)}, outputs)

    def _checked(self, images: np.ndarray) -> np.ndarray:
        if images.ndim == 3:
            images = images[..., None]
        check_image_shape(self.bundle, images)
        return images
