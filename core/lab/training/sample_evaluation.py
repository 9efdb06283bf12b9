"""Classify fresh samples of a generator: does it draw every class, and the class it is asked for?"""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import shipped_classifier
from core.contract.dataset_info import DatasetInfo
from core.contract.events import SamplePredictions
from core.errors import BundleError
from core.inference.classifier import Classifier


class SampleClassifier:
    """A classifier that took no part in the training, for new samples of a generator."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def predict(self, step: int, images: np.ndarray, labels: np.ndarray) -> SamplePredictions:
        """Count images (N×H×W×C uint8) by predicted class; ``labels`` (N) are the classes asked for."""
        card, classes = self._classifier.card, len(self._classifier.card.classes)
        probabilities = self._classifier.probabilities(images)
        known = probabilities.max(axis=1) >= card.refuse_below
        seen = probabilities.argmax(axis=1)
        return SamplePredictions(
            step=step,
            classifier=card.title,
            samples=len(images),
            seen=np.bincount(seen[known], minlength=classes).tolist(),
            right=np.bincount(labels[known & (seen == labels)], minlength=classes).tolist(),
            unknown=int((~known).sum()),
        )


def find_classifier(info: DatasetInfo) -> SampleClassifier | None:
    """Return the shipped CNN for images of this kind; None if none is shipped, or it is damaged."""
    try:
        return SampleClassifier(Classifier(shipped_classifier(info.classes, info.shape)))
    except BundleError:
        return None  # the training goes on without one
