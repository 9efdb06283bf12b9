"""The script of a fine-tuning, tried with a small stand-in for the shipped backbone."""

from __future__ import annotations

import importlib
import json
import runpy
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from core.bundles.bundle import open_bundle, read_card
from core.class_sets.class_set_store import own_class_sets
from core.contract import config as configs
from core.contract.config import ClassifierConfig
from core.datasets import registry
from core.datasets.sources.own import photographs
from core.inference.classifier import Classifier
from core.lab.models.efficientnet_lite import NAME, BlockRun
from core.lab.training import start
from core.lab.training.fast import float32_only
from core.runs import Run
from core.runs.report import keras_script
from core.runs.report.history import History
from tests.class_sets.conftest import COLOURS, OWNER, picture
from tests.lab.small_backbones import small_backbone

SIDE = 32
STAGES = (BlockRun(1, 3, 2, 1, 8), BlockRun(2, 3, 2, 2, 8))
PICTURES = 10  # of each class


@pytest.fixture
def config() -> ClassifierConfig:
    """Return the configuration of a fine-tuning on pictures of two colours."""
    made = own_class_sets().create(OWNER)
    named = zip(("red", "blue"), ("<b>red</b>", "'blue"), strict=True)
    for colour, name in named:
        assert colour in COLOURS
        own_class_sets().change(made.id, lambda old, name=name: old.with_class(name))
        own_class_sets().add(made.id, [(name, "", picture(colour, k, SIDE)) for k in range(PICTURES)])
    return ClassifierConfig(
        architecture=NAME,
        dataset=f"own:{made.id}",
        augmentation="mirror",
        weight_average=0.9,
        weight_decay=0.01,
        validation_split=0.25,
        epochs=3,
        batch_size=4,
        learning_rate=0.003,
    )


def test_the_script_of_a_fine_tuning_repeats_it(core, config, tmp_path, monkeypatch):
    backbone = small_backbone(tmp_path / "shipped", SIDE, STAGES)
    command = importlib.import_module("core.commands.export")  # the package has a command of this name
    for module in (start, keras_script, command):
        monkeypatch.setattr(module, "pretrained", lambda name: backbone)
    (tmp_path / "config.json").write_text(json.dumps(configs.to_dict(config)))
    with float32_only():
        trained = core("train", "--config", tmp_path / "config.json")
    assert trained.exit_code == 0, trained.stderr
    run = Run(Path(trained.stdout.strip()))
    exported = core("export", run.folder, "--format", "script", "--out", tmp_path / "script.zip")
    assert exported.exit_code == 0, exported.stderr
    with zipfile.ZipFile(tmp_path / "script.zip") as archive:
        archive.extractall(tmp_path / "script")
    monkeypatch.chdir(tmp_path / "script")

    left = runpy.run_path("train.py")

    history = History(run).refresh()
    assert left["losses"] == pytest.approx(list(history.by_step["loss"]), rel=0.01)
    assert left["test_accuracy"] == history.finished.metrics["test_accuracy"]
    wanted = read_card(run.bundle).preprocessing
    images = photographs(config.dataset, wanted, None, 0, lambda told, share: None).x_test
    learnt = keras.saving.load_model("model.keras", safe_mode=True)
    ours = Classifier(open_bundle(run.bundle)).probabilities(images)
    assert np.abs(np.asarray(learnt(images)) - ours).max() < 0.01
    names = registry.describe(config.dataset).classes
    assert tuple(Path("labels.txt").read_text().splitlines()) == names
