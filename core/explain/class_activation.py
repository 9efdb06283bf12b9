"""Show which parts of an image a CNN's last maps respond to, weighted by what they say for a class."""

from __future__ import annotations

import cv2
import numpy as np

from core.bundles.bundle import Card
from core.errors import BundleError
from core.inference.classifier import Classifier


def class_activation(classifier: Classifier, pixels: np.ndarray, label: int) -> np.ndarray:
    """Return the class activation map of an image (H×W or H×W×C uint8) for a class, H×W float32 from 0 to 1.

    Each map of the last convolution masks the image, and is weighted by the probability of the class for the
    masked image. No gradient is needed, so LiteRT suffices. Source: Wang et al. 2020, Score-CAM, algorithm 1.

    Raises:
        BundleError: when the network has no convolution.
    """
    maps = classifier.activations(pixels[None])[last_maps(classifier)][0]  # h×w×K
    height, width = pixels.shape[:2]
    large = cv2.resize(maps, (width, height), interpolation=cv2.INTER_LINEAR)
    masks = _normalised(large.reshape(height, width, -1))  # OpenCV drops the axis of a single map
    channels = pixels.reshape(height, width, -1)
    masked = np.round(np.moveaxis(masks, -1, 0)[..., None] * channels).astype(np.uint8)  # K×H×W×C
    scores = classifier.probabilities(masked)[:, label]
    heat = np.maximum(masks @ scores, 0)
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


def _normalised(maps: np.ndarray) -> np.ndarray:
    """Scale each map (last axis) from its least and greatest value to 0 and 1; an even map becomes 0."""
    low, high = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))
    return np.where(high > low, (maps - low) / np.maximum(high - low, 1e-6), 0.0)
