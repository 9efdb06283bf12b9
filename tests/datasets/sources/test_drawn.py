from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pytest

from core.bundles.bundle import pretrained, read_card
from core.contract.config import GanConfig
from core.datasets import registry
from core.datasets.sources import drawn
from core.errors import DatasetError
from core.inference.classifier import Classifier
from core.inference.generator import Generator
from core.messages import message
from core.runs import RunStore

SMALL = 30


@pytest.fixture(autouse=True)
def few_test_images(monkeypatch):
    monkeypatch.setattr(drawn, "TEST_SIZE", SMALL)


@pytest.fixture(scope="module")
def data():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "TEST_SIZE", SMALL)
        return registry.load("drawn:dcgan", train_size=100, seed=4)


def test_images_show_the_classes_of_their_labels(data):
    assert (data.x_train.shape, data.x_train.dtype) == ((100, 28, 28, 1), np.uint8)
    assert np.bincount(data.y_train).tolist() == [10] * 10
    seen = Classifier(pretrained("cnn")).logits(data.x_train).argmax(axis=1)
    assert np.mean(seen == data.y_train) > 0.9


def test_the_same_seed_draws_the_same_images_and_a_smaller_draw_is_the_beginning_of_a_larger_one(data):
    again = registry.load("drawn:dcgan", train_size=40, seed=4)
    assert np.array_equal(again.x_train, data.x_train[:40])
    assert np.array_equal(again.y_train, data.y_train[:40])


def test_the_test_images_are_the_same_for_every_seed_and_are_not_training_images(data):
    other = registry.load("drawn:dcgan", train_size=10, seed=5)
    assert np.array_equal(other.x_test, data.x_test)
    assert not any(np.array_equal(a, b) for a in data.x_test for b in data.x_train)


def test_shipped_generators_that_take_a_class_are_data_sets_and_their_summaries_warn_about_accuracy():
    assert "drawn:dcgan" in drawn.SOURCE.names()
    for name in drawn.SOURCE.names():
        info = registry.describe(name)
        assert "the test images are drawn too" in info.summary
        assert info.download_bytes == 0


def test_the_title_of_a_shipped_generator_s_images_is_that_of_its_card():
    title = registry.describe("drawn:dcgan").title
    assert pretrained("dcgan").card.title in title
    assert "dcgan" not in title


def test_a_visitor_s_own_generator_draws_data_of_its_classes(gan_bundle, tmp_path, monkeypatch):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    run = RunStore(tmp_path).create(GanConfig())
    shutil.copytree(gan_bundle.folder, run.bundle)
    data = registry.load(f"drawn:{run.id}", train_size=20)
    card = read_card(gan_bundle.folder)
    assert card.title in data.info.title
    assert run.id in data.info.title
    assert np.array_equal(
        data.x_train, Generator(gan_bundle).draw(data.y_train, Generator(gan_bundle).latent(20, 0))
    )


@pytest.mark.parametrize("name", ["drawn:", "drawn:nobody", "drawn:../runs/a", "drawn:a\0", "drawn:cnn"])
def test_a_missing_generator_is_reported_in_one_sentence(name):
    with pytest.raises(DatasetError, match=r"^[^\n]+\.$"):
        registry.load(name)


def test_a_generator_that_takes_no_class_draws_no_data(unconditional_bundle):
    source = drawn.Drawn(find_bundle=lambda model: unconditional_bundle.folder)
    with pytest.raises(DatasetError) as caught:
        source.describe("drawn:old")
    assert caught.value.message == message("datasets.no_class", model="old")


def test_drawing_data_does_not_import_tensorflow():
    code = (
        "import sys; from core.datasets import registry, sources; registry.names();"
        "sources.drawn.TEST_SIZE = 10;"
        "registry.load('drawn:dcgan', train_size=10);"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
