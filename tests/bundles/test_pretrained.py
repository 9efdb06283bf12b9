"""Several modules: shipped models are complete, small, reproducible and as good as on their cards."""

from __future__ import annotations

import dataclasses
import math
import os
from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, pretrained, pretrained_names
from core.contract import config as configs
from core.contract.preprocessing import standard
from core.datasets import registry
from core.inference.classifier import Classifier
from core.inference.generator import Generator

SHIPPED = [
    "avatars", "cnn", "dcgan", "fashion_cnn", "fashion_dcgan", "letters", "lstm", "plain_cnn", "resnet",
    "tutorial",
]  # fmt: skip
FLOORS = {
    "avatars": {"conditional_accuracy": 0.99, "classification_accuracy_score": 0.99},
    "cnn": {"test_accuracy": 0.9965},
    "fashion_cnn": {"test_accuracy": 0.93},
    "letters": {"test_accuracy": 0.95, "letters_accuracy": 0.95},
    "lstm": {"test_accuracy": 0.992},
    "plain_cnn": {"test_accuracy": 0.995},  # required of an independent classifier
    "resnet": {"test_accuracy_with_mirror_images": 0.92},
    "tutorial": {"test_accuracy": 0.99},
    "dcgan": {"conditional_accuracy": 0.993, "classification_accuracy_score": 0.985},
    "fashion_dcgan": {"conditional_accuracy": 0.92, "classification_accuracy_score": 0.84},
}
MOST_BYTES = 5_000_000
LARGE = {"efficientnet_lite0": 17_000_000, "resnet": 13_000_000}  # name: most bytes
TRAINED_HERE = [name for name in pretrained_names() if name != "efficientnet_lite0"]
FIRST = 2000

DATA = os.environ.get("DEEP_IMAGE_LAB_DATA")
with_mnist = pytest.mark.skipif(
    not (DATA and (Path(DATA) / "mnist.npz").is_file()),
    reason="needs the real MNIST: name the folder that holds mnist.npz in DEEP_IMAGE_LAB_DATA",
)


def test_the_network_that_draws_rows_was_trained_by_its_command_without_options():
    from core.lab.training.row_training import RowsConfig  # noqa: PLC0415 (imports TensorFlow)

    assert pretrained("rows").card.config == dataclasses.asdict(RowsConfig())


def test_a_cnn_an_lstm_and_a_gan_are_shipped():
    assert set(SHIPPED) <= set(pretrained_names())


@pytest.mark.parametrize("name", pretrained_names())
def test_a_shipped_model_opens_with_matching_hashes(name):
    assert pretrained(name).name == name


@pytest.mark.parametrize("name", TRAINED_HERE)
def test_a_shipped_card_has_the_preprocessing_that_its_data_set_needs(name):
    card = pretrained(name).card
    data = registry.describe(card.dataset)
    assert card.subject == data.subject
    assert card.preprocessing == standard(data.preprocessing_kind, data.shape, data.layout)


@pytest.mark.parametrize("name", pretrained_names())
def test_a_shipped_model_is_small(name):
    most = LARGE.get(name, MOST_BYTES)
    assert sum(file.stat().st_size for file in (PRETRAINED / name).iterdir()) <= most


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_was_trained_by_its_committed_configuration(name):
    assert configs.from_dict(pretrained(name).card.config) == configs.read(PRETRAINED / f"{name}.json")
    assert pretrained(name).card.seed == configs.read(PRETRAINED / f"{name}.json").seed


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_is_as_good_as_required(name):
    for metric, floor in FLOORS[name].items():
        assert pretrained(name).card.metrics[metric] >= floor


def test_the_shipped_generator_s_images_lie_almost_as_close_to_the_test_images_as_training_images_do():
    assert pretrained("dcgan").card.metrics["frechet_ratio"] <= 1.05


@with_mnist
@pytest.mark.parametrize("name", ["cnn", "lstm", "plain_cnn", "tutorial"])
def test_the_accuracy_on_a_shipped_classifier_s_card_is_true(name):
    classifier = Classifier(pretrained(name))
    data = registry.load("mnist")
    right = classifier.logits(data.x_test[:FIRST]).argmax(axis=1) == data.y_test[:FIRST]
    promised = classifier.card.metrics["test_accuracy"]
    deviation = math.sqrt(promised * (1 - promised) / FIRST)
    # The first 5,000 test images are the cleaner half, so the accuracy may be higher than on the card.
    assert right.mean() >= promised - 4 * deviation - 1 / FIRST
    assert right.mean() <= min(1.0, promised + 6 * deviation)


def test_the_shipped_generator_does_not_draw_the_same_image_again_and_again():
    generator = Generator(pretrained("dcgan"))
    images = generator.draw(np.zeros(50, int), generator.latent(50, 1)).reshape(50, -1) / 255
    distances = np.sqrt(((images[:, None] - images[None]) ** 2).sum(axis=2))
    assert distances[np.triu_indices(50, 1)].min() > 1.0
