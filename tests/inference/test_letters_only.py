from __future__ import annotations

import dataclasses
import string

import numpy as np
import pytest

from core.contract.evaluation import softmax
from core.images.picture_kind import LETTER, SIGN
from core.inference.classifier import Classifier
from core.inference.letters_only import LettersOnly, letters_of

CLASSES = tuple(string.digits + string.ascii_uppercase)
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
LOGITS = np.random.default_rng(1).normal(0, 3, (3, 36)).astype(np.float32)


class _Signs(Classifier):
    """A network of letters and digits with fixed logits."""

    def __init__(self, bundle) -> None:
        self.bundle = bundle
        self.card = dataclasses.replace(
            bundle.card, classes=CLASSES, subject=SIGN, activations={"conv1": (2, 2, 1), "logits": (36,)}
        )

    def logits(self, images: np.ndarray) -> np.ndarray:
        return LOGITS[: len(images)]

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        return {"conv1": np.ones((len(images), 2, 2, 1)), "logits": LOGITS[: len(images)]}

    def are_strange(self, images: np.ndarray) -> np.ndarray:
        return np.array([True, False, False])[: len(images)]


@pytest.fixture(scope="module")
def signs(cnn_bundle) -> _Signs:
    return _Signs(cnn_bundle)


def test_a_network_of_letters_and_digits_answers_with_letters_alone(signs):
    letters = letters_of(signs)
    assert letters.card.classes == tuple(string.ascii_uppercase)
    assert letters.card.subject == LETTER
    expected = softmax(LOGITS[:, 10:] / signs.card.temperature)
    assert np.allclose(letters.probabilities(IMAGES), expected)
    assert letters.bundle is signs.bundle


def test_activations_stay_but_for_the_logits(signs):
    letters = letters_of(signs)
    found = letters.activations(IMAGES)
    assert found["conv1"].shape == (3, 2, 2, 1)
    assert np.array_equal(found["logits"], LOGITS[:, 10:])
    assert letters.card.activations == {"conv1": (2, 2, 1), "logits": (26,)}
    assert letters.are_strange(IMAGES).tolist() == [True, False, False]


def test_another_network_stays_as_it_is(cnn_bundle, signs):
    digits = Classifier(cnn_bundle)
    assert letters_of(digits) is digits
    assert isinstance(letters_of(letters_of(signs)), LettersOnly)
