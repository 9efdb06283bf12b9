from __future__ import annotations

import numpy as np
import pytest

from core.datasets.registry import describe
from core.datasets.synthetic import handwriting
from core.lab.training import sample_evaluation
from core.lab.training.sample_evaluation import find_classifier


def test_the_shipped_cnn_counts_digits_by_the_class_it_reads():
    labels = np.arange(100) % 10
    images = handwriting.render(labels, 3, lambda part: None)[..., None]
    asked = np.where(labels == 7, 1, labels)  # a 1 is requested where a 7 is drawn

    classifier = find_classifier(describe("mnist"))
    assert classifier is not None
    found = classifier.predict(40, images, asked)

    assert (found.step, found.samples) == (40, 100)
    assert sum(found.seen) + found.unknown == 100
    assert all(seen >= 7 for seen in found.seen)
    assert found.right[7] == 0
    assert found.right[1] == pytest.approx(found.seen[1], abs=1)


def test_noise_is_not_counted_as_a_digit():
    noise = np.random.default_rng(0).integers(0, 256, (50, 28, 28, 1)).astype(np.uint8)
    classifier = find_classifier(describe("mnist"))
    assert classifier is not None
    assert classifier.predict(1, noise, np.zeros(50, int)).unknown == 50


def test_there_is_no_classifier_when_the_shipped_cnn_is_missing_or_damaged(monkeypatch: pytest.MonkeyPatch):
    assert find_classifier(describe("pixel_faces")) is None
    monkeypatch.setattr(sample_evaluation, "shipped_classifier", _damaged)
    assert find_classifier(describe("mnist")) is None


def _damaged(classes: tuple[str, ...], shape: tuple[int, int, int]) -> None:
    raise sample_evaluation.BundleError("altered")
