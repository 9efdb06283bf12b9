"""Show which parts of an image a CNN's last maps respond to, weighted by what they say for a class."""

from __future__ import annotations

import cv2
import numpy as np

from core.bundles.bundle import Card
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inference.classifier import Classifier
from core.inference.word_classifier import WordClassifier

AT_ONCE = 64  # maps


def class_activation(classifier: Classifier, pixels: np.ndarray, label: int) -> np.ndarray:
    """Return the class activation map of an image (H×W or H×W×C uint8) for a class, H×W float32 from 0 to 1.

    Each map of the last convolution masks the image, and is weighted by the probability of the class for the
    masked image. No gradient is needed, so LiteRT suffices. Source: Wang et al. 2020, Score-CAM, algorithm 1.
    A network with words has too many maps for this; its map is that of ``word_activation``, enlarged.

    Raises:
        BundleError: when the network has no convolution.
    """
    height, width = pixels.shape[:2]
    if isinstance(classifier, WordClassifier):
        small = word_activation(classifier, pixels, label)
        return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    maps = classifier.activations(pixels[None])[last_maps(classifier)][0]  # h×w×K
    masks = _normalised(_enlarged(maps, height, width))
    channels = pixels.reshape(height, width, -1)
    masked = np.round(np.moveaxis(masks, -1, 0)[..., None] * channels).astype(np.uint8)  # K×H×W×C
    scores = classifier.probabilities(masked)[:, label]
    heat = np.maximum(masks @ scores, 0)
    return (heat / max(float(heat.max()), 1e-6)).astype(np.float32)


def word_activation(classifier: WordClassifier, pixels: np.ndarray, word: int) -> np.ndarray:
    """Return what each place of the last maps says for a word, h×w float32 from 0 to 1.

    Grad-CAM (Selvaraju et al. 2017, section 3), whose gradient is known without computing it here: the maps
    are averaged and go straight into the output layer, so the gradient of a class is its row of weights. The
    classes behind a word count by their probabilities.

    Raises:
        BundleError: when the stored weights cannot be read.
    """
    outputs = classifier.activations(pixels[None])
    exact = softmax(outputs["logits"] / classifier.card.temperature)[0]
    shares = np.where(classifier.classes_of(word), exact, 0)
    weights = classifier.output_kernel.astype(np.float32) @ (shares / max(float(shares.sum()), 1e-30))
    heat = np.maximum(outputs[last_maps(classifier)][0] @ weights, 0)
    return (heat / max(float(heat.max()), 1e-6)).astype(np.float32)


def last_maps(classifier: Classifier) -> str:
    """Return the name of the last activation that has height and width.

    Raises:
        BundleError: when the network has none, as an RNN.
    """
    if not has_maps(classifier.card):
        raise BundleError("explain.no_maps", title=classifier.card.title)
    return _maps(classifier.card)[-1]


def has_maps(card: Card) -> bool:
    """Return whether the card lists an activation with height and width."""
    return bool(_maps(card))


def _maps(card: Card) -> list[str]:
    return [name for name, shape in card.activations.items() if len(shape) == 3]


def _enlarged(maps: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return maps, h×w×K, as height×width×K; OpenCV resizes at most 128 at once, and drops a single axis."""
    parts = [
        cv2.resize(maps[..., first : first + AT_ONCE], (width, height), interpolation=cv2.INTER_LINEAR)
        for first in range(0, maps.shape[2], AT_ONCE)
    ]
    return np.concatenate([part.reshape(height, width, -1) for part in parts], axis=2)


def _normalised(maps: np.ndarray) -> np.ndarray:
    """Scale each map (last axis) from its least and greatest value to 0 and 1; an even map becomes 0."""
    low, high = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))
    return np.where(high > low, (maps - low) / np.maximum(high - low, 1e-6), 0.0)
