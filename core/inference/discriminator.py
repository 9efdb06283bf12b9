"""Run a discriminator: images and their classes in, logits that they are real out."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError
from core.inference.litert_session import Session, check_image_shape

BATCH = 64


class Discriminator:
    """The discriminator that a bundle's generator learnt from; ``content`` replaces its LiteRT model.

    Raises:
        BundleError: when the bundle has none.
    """

    def __init__(self, bundle: Bundle, content: bytes | None = None) -> None:
        content = content or bundle.discriminator
        if content is None:
            raise BundleError("inference.no_discriminator", name=bundle.name)
        self.bundle = bundle
        self.card = bundle.card
        self._session = Session(bundle, content)

    def logits(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return a logit each, N, for uint8 images (N×H×W×C) labelled with classes (N); above 0 means real.

        Raises:
            ImageError: when the images are not of the generator's shape.
        """
        check_image_shape(self.bundle, images)
        batches = [
            self._session.run(
                {
                    "image": self.card.preprocessing.to_input(images[i : i + BATCH]),
                    "label": np.asarray(labels[i : i + BATCH], np.int32),
                },
                ["logits"],
            )[0][:, 0]
            for i in range(0, len(images), BATCH)
        ]
        return np.concatenate(batches) if batches else np.empty(0, np.float32)
