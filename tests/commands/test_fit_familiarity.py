from __future__ import annotations

import shutil

import numpy as np
from click.testing import CliRunner

from core.bundles.bundle import PRETRAINED, open_bundle
from core.commands import main
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.inference.classifier import Classifier


def test_the_file_is_written_into_the_bundle_and_verified(tmp_path, monkeypatch):
    folder = tmp_path / "clothes"
    shutil.copytree(PRETRAINED / "fashion_cnn", folder)
    random = np.random.default_rng(0)
    data = Dataset(
        registry.describe("fashion_mnist"),
        random.integers(0, 256, (300, 28, 28, 1), np.uint8),
        (np.arange(300) % 10).astype(np.uint8),
        np.zeros((1, 28, 28, 1), np.uint8),
        np.zeros(1, np.uint8),
    )
    monkeypatch.setattr(registry, "load", lambda *_, **__: data)
    done = CliRunner().invoke(main, ["fit-familiarity", str(folder), "--images", "250"])
    assert done.exit_code == 0, done.output
    classifier = Classifier(open_bundle(folder))
    assert not classifier.are_strange(data.x_train[:50]).all(), "noise is what it has learnt to expect"


def test_a_generator_has_no_classes_to_be_familiar_with(tmp_path):
    done = CliRunner().invoke(main, ["fit-familiarity", "dcgan"])
    assert done.exit_code == 1
