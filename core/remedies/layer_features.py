"""Compare pictures by the features of each layer, from the image itself to the logits."""

from __future__ import annotations

import numpy as np

from core.inference.classifier import Classifier

IMAGE = "image"  # the name under which the pixels themselves are the first features
PLACES = 7  # along a side of averaged maps, at least


def features_by_layer(classifier: Classifier, images: np.ndarray) -> dict[str, np.ndarray]:
    """Return the features of uint8 images (N×H×W×C) in every layer, each N×size, the first layer first.

    Maps are averaged over squares, to between 7 and 13 places along a side, and kept with 16 bits: those of
    a few hundred pictures would take 100 MB. The image itself is as it is.
    """
    found = {name: _averaged(values) for name, values in classifier.activations(images).items()}
    found = {IMAGE: images / np.float32(255), **found}
    return {name: values.reshape(len(images), -1).astype(np.float16) for name, values in found.items()}


def _averaged(values: np.ndarray) -> np.ndarray:
    """Return maps (N×h×w×K) with fewer places; other features as they are."""
    step = values.shape[1] // PLACES if values.ndim == 4 else 1
    if step < 2:
        return values
    high, wide = (size // step for size in values.shape[1:3])
    squares = values[:, : high * step, : wide * step].reshape(len(values), high, step, wide, step, -1)
    return squares.mean(axis=(2, 4))


def neighbour_accuracy(features: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of pictures (features N×size) whose nearest other picture is of their class."""
    likeness = _cosines(features, features)
    np.fill_diagonal(likeness, -np.inf)
    return float(np.mean(labels[likeness.argmax(axis=1)] == labels))


def nearest(features: np.ndarray, one: np.ndarray, count: int) -> np.ndarray:
    """Return the numbers of the pictures (features N×size) that are most like one (size), nearest first."""
    return np.argsort(-_cosines(one[None], features)[0], kind="stable")[:count]


def excitement(classifier: Classifier, images: np.ndarray, layer: str, unit: int) -> np.ndarray:
    """Return the mean activation (N) of a unit of a layer for uint8 images, over its map where it has one."""
    values = classifier.activations(images)[layer][..., unit]
    return values.reshape(len(images), -1).mean(axis=1)


def compact(features: np.ndarray) -> np.ndarray:
    """Return coordinates of N pictures (features N×size), N×N, with the same angles between them.

    What places thousands of values on a plane takes seconds for each layer; these take milliseconds.
    """
    squares, axes = np.linalg.eigh(_cosines(features, features).astype(np.float64))
    return (axes * np.sqrt(np.maximum(squares, 0))).astype(np.float32)


def _cosines(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return _directions(one) @ _directions(two).T


def _directions(features: np.ndarray) -> np.ndarray:
    values = features.astype(np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
