from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.inference import model_evaluation
from core.inference.classifier import Classifier
from core.inference.model_evaluation import measure_classifier, measure_fidelity, measure_generator

CARD = SimpleNamespace(classes=("a", "b", "c", "d"))


class Painter:
    """A generator of images of one pixel, whose level is the requested class."""

    card = CARD

    def latent(self, count: int, seed: int) -> np.ndarray:
        return np.full((count, 2), seed, np.float32)

    def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        assert len(labels) == len(latent)
        return labels.astype(np.uint8).reshape(-1, 1, 1, 1)


class PerfectClassifier:
    """A classifier that reads the class from the pixel, but mistakes every d for an a."""

    card = CARD

    def logits(self, images: np.ndarray) -> np.ndarray:
        seen = np.where(images.ravel() == 3, 0, images.ravel())
        return np.eye(4)[seen]


@pytest.mark.parametrize("samples", [4, 400, 2500])
def test_conditional_accuracy_is_the_share_of_samples_read_as_the_requested_class(samples):
    result = measure_generator(Painter(), PerfectClassifier(), samples, seed=0)
    assert result.samples == samples
    assert result.accuracy == 0.75
    assert result.by_class == (1.0, 1.0, 1.0, 0.0)


def test_every_class_is_requested_equally_often():
    asked = []

    class Noting(Painter):
        def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
            asked.extend(labels)
            return super().draw(labels, latent)

    measure_generator(Noting(), PerfectClassifier(), 2400, seed=0)
    assert np.bincount(asked).tolist() == [600] * 4


def test_mirrored_answers_are_the_mean_of_an_image_s_and_its_mirror_image_s():
    class LeftReader:
        """A classifier that reads the class from the left one of two pixels, the surer the lower it is."""

        def logits(self, images: np.ndarray) -> np.ndarray:
            left = images[:, 0, 0, 0]
            return np.eye(4)[left] / (1 + left[:, None])

    images = np.array([[0, 1], [1, 0], [2, 1]], np.uint8)[:, None, :, None]
    labels = np.array([0, 0, 1])
    assert measure_classifier(LeftReader(), images, labels).accuracy == pytest.approx(1 / 3)
    assert measure_classifier(LeftReader(), images, labels, mirrored=True).accuracy == 1


def test_progress_rises_to_one(monkeypatch):
    monkeypatch.setattr(model_evaluation, "STEP", 30)
    told: list[float] = []
    measure_generator(Painter(), PerfectClassifier(), 100, 0, told.append)
    assert told == pytest.approx([0.3, 0.6, 0.9, 1.0])
    told.clear()
    images = np.zeros((70, 1, 1, 1), np.uint8)
    measure_classifier(PerfectClassifier(), images, np.zeros(70, np.uint8), told.append)
    assert told == pytest.approx([3 / 7, 6 / 7, 1.0])


def test_a_classifier_has_the_accuracy_measured_at_the_end_of_its_training(cnn_bundle, rendered):
    result = measure_classifier(Classifier(cnn_bundle), rendered.x_test, rendered.y_test)
    promised = cnn_bundle.card.metrics
    assert result.accuracy == pytest.approx(promised["test_accuracy"], abs=3e-3)  # weights of 11 bits
    assert result.loss == pytest.approx(promised["test_loss"], rel=0.02)
    assert result.confusion.sum() == len(rendered.x_test)


def test_a_perfect_generator_gets_the_best_figures_even_when_classes_differ_in_size():
    """Use data whose classes differ in size: samples drawn evenly by class used to score badly on them."""
    rng = np.random.default_rng(5)
    labels = np.sort(rng.choice(4, 3000, p=[0.7, 0.1, 0.1, 0.1]).astype(np.uint8))

    def real(labels: np.ndarray) -> np.ndarray:
        return (50 * labels[:, None] + rng.integers(0, 40, (len(labels), 3))).reshape(-1, 1, 1, 3)

    class Perfect(Painter):
        def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
            return real(np.asarray(labels))

    data = SimpleNamespace(x_train=real(labels), y_train=labels, x_test=real(labels), y_test=labels)
    found = measure_fidelity(Perfect(), lambda x: x.reshape(len(x), -1).astype(float), data, 1500, 0)
    assert found.frechet_distance < 5  # over a thousand when drawn evenly by class
    assert np.allclose(found.recall_by_class, found.recall_by_class_real, atol=0.1)
    assert np.allclose(found.coverage_by_class, found.coverage_by_class_real, atol=0.1)
