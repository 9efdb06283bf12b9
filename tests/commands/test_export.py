from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.util
import json
import runpy
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf
from onnx.reference import ReferenceEvaluator

from core.bundles.bundle import open_bundle, read_card
from core.class_sets.class_set_store import own_class_sets
from core.contract import config as configs
from core.contract.config import ClassifierConfig, GanConfig
from core.datasets import registry
from core.datasets.sources.own import photographs
from core.inference.classifier import Classifier
from core.lab.models.efficientnet_lite import NAME, BlockRun
from core.lab.training import start
from core.lab.training.fast import float32_only
from core.messages import message
from core.runs import Run
from core.runs.report import keras_script
from core.runs.report.history import History
from core.subprocesses.export_command import can_convert_to_onnx
from tests.class_sets.conftest import COLOURS, OWNER, picture
from tests.lab.small_backbones import small_backbone

CNN = ClassifierConfig(
    architecture="tiny",
    dataset="rendered",
    optimizer="muon",
    learning_rate=0.05,
    small_epochs=1,
    train_size=300,
    epochs=2,
    batch_size=32,
    augmentation="photo",
    label_smoothing=0.1,
    weight_average=0.9,
    seed=3,
)
GAN = GanConfig(architecture="goodfellow2014", train_size=100, epochs=2, batch_size=50, latent_size=8, seed=4)


SIDE = 32
STAGES = (BlockRun(1, 3, 2, 1, 8), BlockRun(2, 3, 2, 2, 8))
PICTURES = 10  # of each class


@pytest.fixture(scope="module")
def trained(core, tmp_path_factory):
    """Return a function that trains a configuration by the command line once, in float32 as scripts do."""
    made: dict[Any, Run] = {}

    def run(config: Any) -> Run:
        if config not in made:
            file = tmp_path_factory.mktemp("config") / "config.json"
            file.write_text(json.dumps(configs.to_dict(config)))
            with float32_only():
                result = core("train", "--config", file)
            assert result.exit_code == 0, result.stderr
            made[config] = Run(Path(result.stdout.strip()))
        return made[config]

    return run


def exported(core, run: Run, form: str, folder: Path) -> Path:
    out = folder / form
    result = core("export", run.folder, "--format", form, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(out)
    return out


def unpacked(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def imports(script: Path) -> set[str]:
    tree = ast.parse(script.read_text())
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def ran(core, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the run's script in the folder; return its variables."""
    unpacked(exported(core, run, "script", tmp_path), tmp_path)
    assert imports(tmp_path / "train.py") <= {"dataclasses", "keras", "math", "numpy", "tensorflow"}
    monkeypatch.chdir(tmp_path)
    return runpy.run_path("train.py")


def test_the_script_of_a_classifier_repeats_the_training_of_its_run(core, trained, tmp_path, monkeypatch):
    run = trained(CNN)
    left = ran(core, run, tmp_path, monkeypatch)

    history = History(run).refresh()
    assert left["losses"] == pytest.approx(list(history.by_step["loss"]), rel=1e-3)
    accuracy = history.finished.metrics["test_accuracy"]
    assert left["test_accuracy"] == pytest.approx(accuracy, abs=0.005)
    ours, its = (keras.saving.load_model(f / "model.keras") for f in (run.bundle, tmp_path))
    for one, other in zip(ours.get_weights(), its.get_weights(), strict=True):
        assert np.allclose(one, other, atol=2e-3)


@pytest.fixture
def fine_tuning() -> ClassifierConfig:
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


def test_the_script_of_a_fine_tuning_repeats_it(core, fine_tuning, tmp_path, monkeypatch):
    backbone = small_backbone(tmp_path / "shipped", SIDE, STAGES)
    command = importlib.import_module("core.commands.export")  # the package has a command of this name
    for module in (start, keras_script, command):
        monkeypatch.setattr(module, "pretrained", lambda name: backbone)
    (tmp_path / "config.json").write_text(json.dumps(configs.to_dict(fine_tuning)))
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
    images = photographs(fine_tuning.dataset, wanted, None, 0, lambda told, share: None).x_test
    learnt = keras.saving.load_model("model.keras", safe_mode=True)
    ours = Classifier(open_bundle(run.bundle)).probabilities(images)
    assert np.abs(np.asarray(learnt(images)) - ours).max() < 0.01
    names = registry.describe(fine_tuning.dataset).classes
    assert tuple(Path("labels.txt").read_text().splitlines()) == names


def test_the_script_of_a_gan_repeats_the_training_of_its_run(core, trained, tmp_path, monkeypatch):
    run = trained(GAN)
    left = ran(core, run, tmp_path, monkeypatch)

    history = History(run).refresh()
    told = zip(history.by_step["discriminator_loss"], history.by_step["generator_loss"], strict=True)
    assert np.array(left["losses"]) == pytest.approx(np.array(list(told)), rel=2e-3)
    assert (tmp_path / "generator.keras").is_file()


def test_the_event_files_hold_each_value_at_its_step(core, trained, tmp_path):
    run = trained(CNN)
    folder = unpacked(exported(core, run, "tensorboard", tmp_path), tmp_path / "logs")

    def scalars(split: str) -> dict[tuple[str, int], float]:
        (file,) = (folder / run.id / split).glob("events.out.tfevents.*")
        return {
            (value.tag, event.step): value.simple_value
            for event in tf.compat.v1.train.summary_iterator(str(file))
            for value in event.summary.value
        }

    history = History(run).refresh()
    train, validation = scalars("train"), scalars("validation")
    for step, loss in enumerate(history.by_step["loss"], 1):
        assert train["loss", step] == pytest.approx(loss)
    for epoch in history.epochs:
        assert validation["accuracy", epoch.step] == pytest.approx(epoch.validation_accuracy)
    assert ("norm of the gradient/logits", history.step) in train


def test_the_event_files_of_a_gan_hold_its_sample_images(core, trained, tmp_path):
    run = trained(GAN)
    folder = unpacked(exported(core, run, "tensorboard", tmp_path), tmp_path / "logs")
    (file,) = (folder / run.id / "train").glob("events.out.tfevents.*")

    images = [
        (event.step, value.image.encoded_image_string)
        for event in tf.compat.v1.train.summary_iterator(str(file))
        for value in event.summary.value
        if value.tag == "samples"
    ]
    history = History(run).refresh()
    assert images == [(s.step, (run.folder / s.file).read_bytes()) for s in history.samples]


def test_the_saved_model_has_the_outputs_of_the_keras_model(core, trained, tmp_path):
    run = trained(CNN)
    folder = unpacked(exported(core, run, "saved_model", tmp_path), tmp_path / "unpacked")

    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    expected = keras.saving.load_model(run.bundle / "model.keras")(images)
    loaded = tf.saved_model.load(folder / "saved_model")
    found = loaded.serve(images)
    assert np.allclose(found, expected, atol=1e-4)


def test_the_onnx_file_has_the_outputs_of_the_keras_model(core, trained, tmp_path):
    run = trained(CNN)
    file = exported(core, run, "onnx", tmp_path)
    images = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    model = ReferenceEvaluator(onnx.load(file))
    (found,) = model.run(None, {model.input_names[0]: images})
    expected = keras.saving.load_model(run.bundle / "model.keras")(images)
    assert np.allclose(found, expected, atol=1e-4)


def test_without_the_converter_an_onnx_export_says_how_to_install_it(refused, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not can_convert_to_onnx()
    told = refused("export", trained(CNN).folder, "--format", "onnx", "--out", tmp_path / "model.onnx")
    assert told == f"Error: {message('lab.no_onnx')}"


def test_a_run_with_outliers_cannot_be_written_as_a_script(refused, trained, tmp_path):
    run = trained(CNN)
    config = run.folder / "config.json"
    whole = config.read_bytes()
    config.write_text(json.dumps(configs.to_dict(dataclasses.replace(CNN, outliers=0.5))))
    try:
        told = refused("export", run.folder, "--format", "script", "--out", tmp_path / "script.zip")
    finally:
        config.write_bytes(whole)
    assert told == f"Error: {message('runs.script_with_drawings')}"


def test_a_run_without_a_step_cannot_be_exported(core, refused, tmp_path):
    from core.runs import RunStore, home  # noqa: PLC0415

    run = RunStore(home()).create(CNN)
    told = refused("export", run.id, "--format", "script", "--out", tmp_path / "script.zip")
    assert told == f"Error: {message('commands.no_steps')}"


def test_the_record_of_taught_classes_is_refused_and_a_damaged_head_told(refused, tmp_path):
    head = tmp_path / "taught.head.npz"
    head.write_bytes(b"damaged")
    told = refused("export", head, "--format", "tensorboard", "--out", tmp_path / "a.zip")
    assert told == f"Error: {message('commands.not_of_a_run', form='tensorboard')}"
    told = refused("export", head, "--format", "onnx", "--out", tmp_path / "model.onnx")
    assert told == f"Error: {message('class_sets.head_damaged', name=head.name)}"


def test_the_keras_and_litert_files_of_a_run_are_those_of_its_bundle(core, trained, tmp_path):
    run = trained(CNN)
    for form, name in (("keras", "model.keras"), ("litert", "model.tflite")):
        assert exported(core, run, form, tmp_path).read_bytes() == (run.bundle / name).read_bytes()
