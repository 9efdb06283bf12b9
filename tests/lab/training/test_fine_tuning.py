from __future__ import annotations

import keras
import numpy as np
import pytest

from core.bundles.bundle import Bundle, open_bundle
from core.class_sets import linear_head
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import DatasetInfo
from core.contract.events import Answers, ClassifierSteps, Finished
from core.datasets.dataset import Dataset
from core.inference.classifier import Classifier
from core.lab.models.efficientnet_lite import BlockRun, before_last_blocks
from core.lab.publishing.publish import publish
from core.lab.training.fine_tuning import FineTuning, small_copies
from tests.lab.small_backbones import small_backbone

SIDE = 64
COLOURS = np.array([[210, 40, 40], [40, 50, 200], [30, 170, 50]])
STAGES = (BlockRun(1, 3, 2, 1, 8), BlockRun(2, 3, 2, 2, 8))
CONFIG = ClassifierConfig(
    architecture="efficientnet_lite0",
    dataset="own:" + "0" * 32,
    augmentation="mirror",
    weight_average=0.9,
    validation_split=0.25,
    epochs=3,
    batch_size=10,
    learning_rate=0.003,
)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a small stand-in for the shipped backbone."""
    return small_backbone(tmp_path_factory.mktemp("bundles"), SIDE, STAGES)


@pytest.fixture(scope="module")
def published(backbone: Bundle) -> keras.Model:
    """Return the backbone's network as it was published."""
    return keras.models.load_model(backbone.folder / "model.keras")


@pytest.fixture(scope="module")
def colours() -> Dataset:
    """Return noisy pictures of three colours."""

    def pictures(each: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.repeat(np.arange(3, dtype=np.uint8), each)
        noise = np.random.default_rng(seed).normal(0, 60, (len(labels), SIDE, SIDE, 3))
        return (COLOURS[labels][:, None, None] + noise).clip(0, 255).astype(np.uint8), labels

    names, shape = ("red", "blue", "green"), (SIDE, SIDE, 3)
    info = DatasetInfo(CONFIG.dataset, "Colours", "", names, shape, "own", "whole", 48, 9, "", "", 0)
    return Dataset(info, *pictures(16, 0), *pictures(3, 1))


@pytest.fixture(scope="module")
def trained(backbone, colours, tmp_path_factory) -> tuple[FineTuning, list, list, np.ndarray]:
    """Return a training that ran to its end, its events, the state of one resumed, and its first weights."""
    folder = tmp_path_factory.mktemp("checkpoint")
    heard: list = []
    training = FineTuning.of_photographs(
        CONFIG, colours, backbone, lambda told, share: heard.append(share), blocks=2
    )
    assert heard[0] == 0.0
    first = training.model.get_layer("logits").get_weights()[0]
    events = []
    for event in training:
        events.append(event)
        if isinstance(event, ClassifierSteps) and not folder.joinpath("state.npz").exists():
            training.save(folder)
    resumed = FineTuning.of_photographs(CONFIG, colours, backbone, blocks=2)
    resumed.restore(folder)
    assert 0 < resumed.step < training.total_steps
    list(resumed)
    return training, events, resumed.state(), first


def test_a_resumed_fine_tuning_ends_as_an_uninterrupted_one_bit_for_bit(trained):
    training, _, resumed, _ = trained
    assert all(np.array_equal(a, b) for a, b in zip(training.state(), resumed, strict=True))


def test_only_the_last_blocks_learn_and_batch_normalisation_stays(trained, published):
    training, *_ = trained
    changed = {
        layer.name
        for layer in training.whole.layers
        if layer.name != "logits"
        and not all(map(np.array_equal, layer.get_weights(), published.get_layer(layer.name).get_weights()))
    }
    assert changed == {
        "head_kernel",
        *(f"block{n}_{part}_kernel" for n in (1, 2) for part in ("expand", "depthwise", "project")),
    }


def test_the_whole_network_answers_as_its_two_parts_and_reports_the_test(trained, colours, backbone):
    training, events, *_ = trained
    inputs = backbone.card.preprocessing.to_input(colours.x_test)
    predicted = np.asarray(training.whole(inputs)).argmax(axis=1)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.metrics["test_accuracy"] == pytest.approx(np.mean(predicted == colours.y_test))
    assert finished.metrics["test_accuracy"] > 0.8
    [answers] = [event for event in events if isinstance(event, Answers) and event.split == "test"]
    assert answers.images.images.shape[1:] == (32, 32, 3)


def test_training_begins_with_the_linear_head_of_the_pictures_to_learn_from(
    trained, published, colours, backbone
):
    features = keras.Model(published.inputs, published.get_layer("features").output)
    taught = np.random.default_rng(CONFIG.seed).permutation(48)[12:]
    images = backbone.card.preprocessing.to_input(colours.x_train[taught])
    head = linear_head.fit(np.asarray(features(images)), colours.y_train[taught].astype(int), 3)
    assert trained[3] == pytest.approx(head.weights, abs=0.02)


def test_the_bundle_reads_pictures_as_the_network_does(trained, colours, tmp_path):
    training, *_ = trained
    publish(training, tmp_path / "bundle")
    bundle = open_bundle(tmp_path / "bundle")
    inputs = training.network.backbone.card.preprocessing.to_input(colours.x_test)
    expected = np.asarray(training.whole(inputs))
    found = Classifier(bundle).logits(colours.x_test)
    assert np.abs(found - expected).max() < 0.1 * np.abs(expected).max()
    assert bundle.card.classes == ("red", "blue", "green")
    assert bundle.card.dataset == CONFIG.dataset
    assert bundle.card.metrics["test_accuracy"] == training.metrics["test_accuracy"]


def test_a_picture_and_its_mirror_image_have_their_own_maps(trained, backbone, colours):
    network = trained[0].network
    images, wanted = colours.x_test[:3], backbone.card.preprocessing
    maps = network.maps(images)
    turned = np.asarray(network.lower(wanted.to_input(images[:, :, ::-1])))
    assert maps[:, 1].astype(float) == pytest.approx(turned, abs=0.01)
    assert not np.allclose(maps[:, 0], maps[:, 1], atol=0.01)


def test_blocks_are_counted_from_the_end(published):
    found = [before_last_blocks(published, blocks) for blocks in (0, 1, 2, 3, 9)]
    assert found == ["block2_sum", "block1_project_norm", "block0_project_norm", "stem", "stem"]


def test_small_copies_are_means_of_squares():
    images = np.arange(2 * 70 * 64 * 3, dtype=np.uint32).reshape(2, 70, 64, 3).astype(np.uint8)
    copies = small_copies(images)
    assert copies.shape == (2, 35, 32, 3)
    assert copies[1, 3, 4, 2] == round(images[1, 6:8, 8:10, 2].mean())
