"""Classify pictures with what was learnt from a class set, as with the network of a bundle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.bundles.bundle import Card
from core.class_sets.class_set import ClassSet
from core.class_sets.features import OUTPUT, Backbone
from core.class_sets.taught_set import TaughtSet, with_pictures
from core.inference.classifier import Classifier
from core.inference.litert_session import check_image_shape


class TaughtClassifier(Classifier):
    """Backbone with a taught head. It shares the backbone's session, so it needs hardly any memory."""

    def __init__(self, taught: TaughtSet, backbone: Backbone) -> None:
        self.bundle = replace(backbone.bundle, folder=backbone.bundle.folder.with_name(taught.classes.name))
        self.card = replace(
            card_of(taught.classes, backbone),
            temperature=taught.head.temperature,
            familiar_from=taught.head.familiar_from,
        )
        self._taught, self._backbone = taught, backbone

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return logits, N×classes, of uint8 images, N×H×W×3.

        Raises:
            ImageError: when the images are not of the model's shape.
        """
        return self._taught.head.head.logits(self._features(images))

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return the features and the logits of uint8 images."""
        features = self._features(images)
        return {OUTPUT: features.astype(np.float32), "logits": self._taught.head.head.logits(features)}

    def are_strange(self, images: np.ndarray) -> np.ndarray:
        """Return for each uint8 image, N bool, if it is unlike all that was taught."""
        return self._taught.head.is_none_of_these(self._features(images))

    def _features(self, images: np.ndarray) -> np.ndarray:
        check_image_shape(self.bundle, images)
        if not len(images):  # LiteRT takes no empty batch
            return np.empty((0, self._backbone.size), np.float16)
        return np.concatenate([self._backbone.features(one[None]) for one in images])


def card_of(described: ClassSet, backbone: Backbone) -> Card:
    """Return what the card of a set's network says before the set is learnt."""
    names = with_pictures(described).names
    return replace(
        backbone.bundle.card,
        title=described.name,
        family="cnn",
        dataset="own",
        subject="own",
        classes=names,
        activations={OUTPUT: (backbone.size,), "logits": (len(names),)},
        refuse_below=0.0,
        words=(),
    )
