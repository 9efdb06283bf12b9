from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.contract.evaluation import softmax
from core.errors import BundleError, ImageError
from core.inference.classifier import BATCH, BATCH_PIXELS, MANY, Classifier
from tests.refusals import raises

IMAGES = np.random.default_rng(0).integers(0, 256, (2 * BATCH_PIXELS // 28**2 + 3, 28, 28, 1), np.uint8)


@pytest.fixture(scope="module")
def classifier(cnn_bundle) -> Classifier:
    return Classifier(cnn_bundle)


def test_logits_of_a_batch_equal_those_of_its_images_one_by_one(classifier):
    singly = np.concatenate([classifier.logits(IMAGES[i : i + 1]) for i in range(len(IMAGES))])
    assert np.allclose(classifier.logits(IMAGES), singly, atol=1e-5)


def test_an_rnn_answers_alike_however_many_images_come_together():
    rnn = Classifier(pretrained("lstm"))
    images = np.random.default_rng(1).integers(0, 256, (MANY + 3, 28, 28), np.uint8)
    together = rnn.logits(images)
    assert together.shape == (MANY + 3, 10)
    for count in (1, 2, BATCH, BATCH + 1):
        assert np.allclose(rnn.logits(images[:count]), together[:count], atol=1e-5)


def test_rendered_digits_are_classified(classifier, rendered):
    found = classifier.probabilities(rendered.x_test[:300]).argmax(axis=1)
    assert np.mean(found == rendered.y_test[:300]) > 0.7


def test_probabilities_are_the_softmax_of_the_logits_at_the_card_s_temperature(classifier):
    found = classifier.probabilities(IMAGES[:9])
    assert np.allclose(found.sum(axis=1), 1)
    assert classifier.card.temperature == 1.5
    assert np.allclose(found, softmax(classifier.logits(IMAGES[:9]) / 1.5))


def test_activations_are_named_as_on_the_card_and_hold_the_logits(classifier):
    found = classifier.activations(IMAGES[:5])
    assert {name: value.shape for name, value in found.items()} == {
        name: (5, *shape) for name, shape in classifier.card.activations.items()
    }
    assert np.array_equal(found["logits"], classifier.logits(IMAGES[:5]))


def test_grey_images_may_come_without_a_channel(classifier):
    assert np.array_equal(classifier.logits(IMAGES[:4, ..., 0]), classifier.logits(IMAGES[:4]))


def test_no_images_give_no_answers(classifier):
    assert classifier.probabilities(np.empty((0, 28, 28), np.uint8)).shape == (0, 10)
    assert classifier.activations(np.empty((0, 28, 28), np.uint8))["logits"].shape == (0, 10)


@pytest.mark.parametrize(
    ("shape", "got"),
    [((2, 32, 32, 3), "32×32×3"), ((2, 27, 28), "27×28×1"), ((28, 28), "28"), ((2, 28, 28, 3), "28×28×3")],
)
def test_the_error_for_images_of_another_shape_names_both_shapes(classifier, shape, got):
    with raises(ImageError, "inference.image_shape", name="small-cnn", wanted="28×28×1", got=got):
        classifier.logits(np.zeros(shape, np.uint8))


def test_a_generator_cannot_be_used_as_a_classifier(gan_bundle):
    with pytest.raises(BundleError) as refused:
        Classifier(gan_bundle)
    assert refused.value.message.key == "inference.not_a_classifier"
