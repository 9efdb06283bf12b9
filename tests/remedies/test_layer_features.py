from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import render
from core.inference.classifier import Classifier
from core.remedies.layer_features import compact, excitement, features_by_layer, nearest, neighbour_accuracy

DRAWS = np.random.default_rng(3)
FEATURES, LABELS = DRAWS.normal(size=(40, 5)), DRAWS.integers(0, 3, 40)


def test_the_accuracy_is_that_of_scikit_learns_nearest_neighbour_without_the_picture_itself() -> None:
    right = []
    for i in range(len(LABELS)):
        others = np.arange(len(LABELS)) != i
        near = KNeighborsClassifier(1, metric="cosine").fit(FEATURES[others], LABELS[others])
        right.append(near.predict(FEATURES[i : i + 1])[0] == LABELS[i])

    assert neighbour_accuracy(FEATURES, LABELS) == pytest.approx(np.mean(right))


def test_a_picture_is_nearest_to_itself_whatever_its_brightness() -> None:
    assert nearest(FEATURES, 0.1 * FEATURES[7], 3)[0] == 7


def test_compact_coordinates_have_the_same_angles() -> None:
    few = compact(FEATURES)

    assert few.shape == (40, 40)
    directions = FEATURES / np.linalg.norm(FEATURES, axis=1, keepdims=True)
    np.testing.assert_allclose(few @ few.T, directions @ directions.T, atol=1e-5)


def test_the_excitement_of_a_unit_is_the_mean_of_its_map() -> None:
    classifier = Classifier(pretrained("plain_cnn"))
    images = render(np.arange(3), 5)[..., None]

    maps = classifier.activations(images)["conv4"]
    np.testing.assert_allclose(
        excitement(classifier, images, "conv4", 2), maps[..., 2].mean(axis=(1, 2)), rtol=1e-5
    )
    logits = classifier.logits(images)
    np.testing.assert_allclose(excitement(classifier, images, "logits", 1), logits[:, 1], rtol=1e-5)


def test_classes_separate_from_the_image_to_the_last_layer() -> None:
    labels = np.repeat(np.arange(10), 3)
    images = render(labels, 5)[..., None]

    found = features_by_layer(Classifier(pretrained("plain_cnn")), images)

    assert next(iter(found)) == "image"
    assert [*found][-1] == "logits"
    assert neighbour_accuracy(found["logits"], labels) > neighbour_accuracy(found["image"], labels)
