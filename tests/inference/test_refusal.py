"""Several modules: shipped classifiers refuse images of no class, each by its own threshold."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.datasets.synthetic.outliers import outliers
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict, answer, prepare
from tests.benchmarks.refusal import FACES, letters
from tests.images.cases import png_bytes

CLASSIFIERS = ("cnn", "lstm")
DATA = os.environ.get("DEEP_IMAGE_LAB_DATA")


def needs_data(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not (DATA and (Path(DATA) / f"{name}.npz").is_file()),
        reason=f"needs real images: name the folder that holds {name}.npz in DEEP_IMAGE_LAB_DATA",
    )


@pytest.fixture(scope="module", params=CLASSIFIERS)
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return Classifier(pretrained(request.param))


def refused(classifier: Classifier, images: np.ndarray) -> float:
    """Return the share of images whose largest probability is below the network's threshold."""
    return float(np.mean(classifier.probabilities(images).max(axis=1) < classifier.card.refuse_below))


@needs_data("mnist")
def test_digits_are_kept(classifier: Classifier) -> None:
    assert refused(classifier, registry.load("mnist", train_size=1).x_test[:2000]) < 0.04


@needs_data("fashion_mnist")
def test_clothes_are_refused(classifier: Classifier) -> None:
    clothes = registry.load("fashion_mnist", train_size=1).x_test[:1000]
    assert refused(classifier, clothes) >= 0.95
    files = [prepare(png_bytes(255 - image[..., 0]), "clothes.png") for image in clothes[:60]]
    named = [any(a.verdict is Verdict.READ for a in answer(file, classifier)) for file in files]
    assert np.mean(named) <= 0.1


def test_noise_and_blanks_are_refused(classifier: Classifier) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 28, 28)).astype(np.uint8)
    blank = np.stack([np.full((28, 28), grey, np.uint8) for grey in range(0, 256, 15)])
    assert refused(classifier, noise) >= 0.95
    assert refused(classifier, blank) >= 0.95


def test_new_scribbles_silhouettes_and_letters_are_refused(classifier: Classifier) -> None:
    assert refused(classifier, outliers(np.zeros((8, 28, 28, 1), np.uint8), 400, seed=99)) >= 0.95


@pytest.mark.skipif(not FACES.is_dir(), reason=f"needs printed fonts below {FACES}")
def test_letters_in_fonts_not_used_for_training_are_refused(classifier: Classifier) -> None:
    assert refused(classifier, letters()) >= 0.8
