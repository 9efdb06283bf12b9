"""Which parts of an image a CNN's last maps respond to, as far as they speak for a class."""

from __future__ import annotations

import cv2
import numpy as np

from core.errors import BundleError
from core.inference.classifier import Classifier


def class_activation(classifier: Classifier, pixels: np.ndarray, label: int) -> np.ndarray:
    """The class activation map of an image (H×W or H×W×C uint8) for a class: H×W float32, 0 to 1.

    Each map of the last convolution masks the image; maps whose masked image is taken for the class count.
    No gradient is needed, so LiteRT suffices. Source: Wang et al. 2020, Score-CAM, algorithm 1.

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
    """The name of the last activation that still has height and width.

    Raises:
        BundleError: when there is none, as in an RNN.
    """
    maps = [name for name, shape in classifier.card.activations.items() if len(shape) == 3]
    if not maps:
        raise BundleError(f"{classifier.card.title} has no maps; ask a CNN for its class activation map.")
    return maps[-1]


def _normalised(maps: np.ndarray) -> np.ndarray:
    """Each map (last axis) from its least to its greatest value brought to 0 to 1; a flat one is 0."""
    low, high = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))
    return np.where(high > low, (maps - low) / np.maximum(high - low, 1e-6), 0.0)
