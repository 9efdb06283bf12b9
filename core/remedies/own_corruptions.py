"""Measure a visitor's own network on spoilt pictures, in a child process without TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.bundles.bundle import open_bundle
from core.images.corruption_kinds import KINDS, STRENGTHS, corrupted_stack
from core.inference.classifier import Classifier
from core.messages import Message, Progress, message
from core.remedies import stored_answers
from core.remedies.shipped_files import shipped_file
from core.remedies.stored_answers import read_answers


class OwnCorruptions:
    """Network of the bundle in ``folder``, and the shipped test pictures of a data set.

    Raises:
        BundleError: when the bundle or the pictures cannot be read.
    """

    def __init__(self, progress: Progress, folder: str, dataset: str) -> None:
        self._classifier, self._progress = Classifier(open_bundle(Path(folder))), progress
        pictures = read_answers(shipped_file(stored_answers.FILE, dataset)).pictures
        self._labels = np.repeat(np.arange(len(pictures)), pictures.shape[1])
        self._images = pictures.reshape(-1, *pictures.shape[2:])

    def measure(self, seed: int) -> dict[str, Any]:
        """Return the share of wrong answers to ``clean`` pictures, the ``errors`` by kind, and ``images``.

        Raises:
            ImageError: when the pictures are not of the network's shape.
        """
        clean = self._error(self._images)
        errors: dict[str, list[float]] = {}
        for kind in KINDS:
            self._progress(message("remedies.measuring", name=Message(kind.title)), len(errors) / len(KINDS))
            spoilt = [corrupted_stack(kind, strength, self._images, seed) for strength in STRENGTHS]
            errors[kind.name] = [self._error(images) for images in spoilt]
        return {"clean": clean, "errors": errors, "images": len(self._images)}

    def _error(self, images: np.ndarray) -> float:
        return float(np.mean(self._classifier.probabilities(images).argmax(axis=1) != self._labels))
