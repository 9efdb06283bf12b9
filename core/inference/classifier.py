"""Run a classifier: a batch of images in, probabilities and activations out."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from core.bundles.bundle import FAMILIARITY, Bundle
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inference.familiarity import KnownFeatures
from core.inference.familiarity import read as read_familiarity
from core.inference.litert_session import THREADS, Session, check_image_shape

FAMILIES = ("cnn", "rnn", "backbone")
BATCH_PIXELS = 32 * 28 * 28  # of a large batch; still larger ones are no faster and need more memory
BATCH = 8  # images, a multiple of which is run, because a session takes long to be ready for another size
MANY = 256  # images from which on large batches are worth their memory: an RNN is twice as fast


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
        return self._run(self._checked(images), ["logits"])[0]

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities, N×classes, of uint8 images, N×H×W or N×H×W×C."""
        return self.by_class(self.exact_probabilities(images))

    def exact_probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities of the network's own classes, N×classes, of uint8 images."""
        return softmax(self.logits(images) / self.card.temperature)

    def by_class(self, exact: np.ndarray) -> np.ndarray:
        """Return the probabilities of the card's classes, from those of the network's own, both N×classes."""
        return exact

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every named activation of the card for uint8 images, each with N along its first axis."""
        names = list(self.card.activations)
        return dict(zip(names, self._run(self._checked(images), names), strict=True))

    def are_strange(self, images: np.ndarray) -> np.ndarray:
        """Return for each uint8 image, N bool, if it is unlike all that the network learnt from.

        A bundle of taught classes says so by its card's threshold, a shipped one by a file of its own; all
        others call no image strange.

        Raises:
            BundleError: when the file is damaged.
        """
        if self.card.familiar_from is not None:
            return self._run(self._checked(images), ["familiarity"])[0][:, 0] < self.card.familiar_from
        known = self._familiarity
        if known is None or not len(images):
            return np.zeros(len(images), bool)
        found = self._run(self._checked(images), list(known.layers))
        return known.are_strange(dict(zip(known.layers, found, strict=True)))

    @cached_property
    def _familiarity(self) -> KnownFeatures | None:
        if FAMILIARITY not in self.card.files:
            return None
        try:
            return read_familiarity(self.bundle.folder / FAMILIARITY)
        except (OSError, ValueError, KeyError) as error:
            raise BundleError("bundles.file_altered", name=self.bundle.name, file=FAMILIARITY) from error

    def _run(self, images: np.ndarray, outputs: list[str]) -> list[np.ndarray]:
        if not len(images):  # LiteRT takes no empty batch
            return [np.empty((0, *self.card.activations[name]), np.float32) for name in outputs]
        largest = max(1, BATCH_PIXELS // (images.shape[1] * images.shape[2]))
        size = largest if len(images) >= MANY else min(BATCH, largest)
        batches = [self._run_batch(images[i : i + size], size, outputs) for i in range(0, len(images), size)]
        return [np.concatenate(found) for found in zip(*batches, strict=True)]

    def _run_batch(self, images: np.ndarray, size: int, outputs: list[str]) -> list[np.ndarray]:
        """Return the outputs for one image, or for several, which are run as a full batch."""
        count = len(images)
        if 1 < count < size:
            images = np.concatenate([images, np.zeros((size - count, *images.shape[1:]), np.uint8)])
        levels = self._session.reads_levels  # such a model does the rest of the preprocessing itself
        values = images if levels else self.card.preprocessing.to_input(images)
        found = self._session.run({"image": values}, outputs)
        return [output[:count] for output in found]

    def _checked(self, images: np.ndarray) -> np.ndarray:
        if images.ndim == 3:
            images = images[..., None]
        check_image_shape(self.bundle, images)
        return images
