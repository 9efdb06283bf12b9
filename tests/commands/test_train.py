from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.contract import architectures
from core.contract.field_labels import label
from core.language import join
from core.messages import message
from core.runs import Run, RunStore, home
from core.runs.process import worker
from tests.refusals import sentence

TRAIN = (
    "train",
    "cnn",
    "--dataset",
    "rendered",
    "--train-size",
    300,
    "--epochs",
    1,
    "--batch-size",
    32,
    "--seed",
    3,
)


@pytest.fixture(scope="module")
def trained(core):
    """Train a tiny network by the command line."""
    result = core(*TRAIN)
    assert result.exit_code == 0, result.stderr
    return result


def test_training_prints_the_folder_of_a_run_with_a_model(trained):
    (line,) = trained.stdout.splitlines()
    run = Run(Path(line))
    assert run.folder.is_dir()
    assert run.status().state == "finished"
    assert run.config.train_size == 300
    card = open_bundle(run.bundle).card
    assert (card.family, card.dataset, card.seed) == ("cnn", "rendered", 3)
    assert card.metrics == run.status().metrics


def test_training_shows_its_progress_apart_from_its_result(trained):
    assert "epoch 1: validation accuracy 0." in trained.stderr
    assert "test accuracy: 0." in trained.stderr


def test_the_runs_are_listed_with_their_results(core, trained):
    result = core("runs")
    assert result.exit_code == 0
    run = Run(Path(trained.stdout.strip()))
    (line,) = (line for line in result.stdout.splitlines() if line.startswith(run.id))
    assert "finished" in line
    assert "tutorial on rendered" in line
    assert f"{run.status().metrics['test_accuracy']:.2%}" in line


def test_a_damaged_run_is_listed_as_damaged_beside_the_others(core, trained):
    run = Run(Path(trained.stdout.strip()))
    config = run.folder / "config.json"
    whole = config.read_bytes()
    config.write_text('{"family": "cnn", "batch_size": -1}')
    try:
        assert f"{run.id}  damaged configuration" in core("runs").stdout.splitlines()
    finally:
        config.write_bytes(whole)


def test_the_list_without_runs_says_how_to_start_one(core, monkeypatch, tmp_path):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    result = core("runs")
    assert (result.exit_code, result.stdout) == (0, "")
    assert sentence("commands.no_runs").search(result.stderr)


def refusal(field: str, low: float, high: float, value: float) -> re.Pattern[str]:
    key = "contract.whole_number" if isinstance(low, int) else "contract.number"
    return sentence(key, name=label(field), low=low, high=high, value=repr(value))


RNNS_ONLY = sentence(
    "contract.unknown_choice",
    name=label("architecture"),
    choices=join(a.name for a in architectures.of_family("rnn")),
    value=repr("tutorial"),
)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("cnn", "--batch-size", -64), refusal("batch_size", 1, 4096, -64)),
        (("cnn", "--epochs", 0), refusal("epochs", 1, 1000, 0)),
        (("cnn", "--learning-rate", "nan"), refusal("learning_rate", 1e-7, 1.0, float("nan"))),
        (("gan", "--learning-rate", -1), refusal("generator_learning_rate", 1e-7, 1.0, -1.0)),
        (("rnn", "--architecture", "tutorial"), RNNS_ONLY),
        (("rnn", "--latent-size", 3), sentence("contract.unknown_key", name=repr("latent_size"))),
        (("gan", "--augmentation", "photo"), sentence("contract.unknown_key", name=repr("augmentation"))),
        (("svm",), re.compile("svm")),
        (("cnn", "--dataset", "mnits"), sentence("datasets.unknown", name="mnits")),
        (("cnn", "--dataset", "drawn:nobody"), sentence("datasets.no_generator", model="nobody")),
        (("cnn", "--epochs", "many"), re.compile("--epochs.*many")),
        ((), re.compile("--config FILE")),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(refused, options, told):
    assert told.search(refused("train", *options))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"family": "cnn", "batch_size": -64}', refusal("batch_size", 1, 4096, -64)),
        ('{"family": "cnn", "batchsize": 64}', sentence("contract.unknown_key", name=repr("batchsize"))),
        ('{"family": "cnn"', sentence("contract.no_json")),
        ("[]", sentence("contract.no_object", type="list")),
    ],
)
def test_a_wrong_configuration_file_is_refused_in_one_line(refused, tmp_path, content, told):
    file = tmp_path / "config.json"
    file.write_text(content)
    assert told.search(refused("train", "--config", file))


def test_an_unknown_data_set_is_refused_in_one_line_and_makes_no_run(refused, tmp_path, monkeypatch):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
    (tmp_path / "config.json").write_text('{"dataset": "own:nothing"}')
    assert sentence("datasets.own_set").search(refused("train", "--config", tmp_path / "config.json"))
    assert not (tmp_path / "home" / "runs").exists()


def test_a_missing_configuration_file_is_reported_in_one_line(refused, tmp_path):
    file = tmp_path / "nowhere.json"
    assert sentence("contract.unreadable_file", path=file).search(refused("train", "--config", file))


def test_a_file_together_with_options_is_refused(refused, tmp_path):
    assert "--config" in refused("train", "cnn", "--config", tmp_path / "config.json")


def test_more_images_than_the_data_set_has_fail_in_one_line(core, monkeypatch, tmp_path):
    arrays = {"x_train": (120, 28, 28), "x_test": (20, 28, 28), "y_train": (120,), "y_test": (20,)}
    np.savez(tmp_path / "mnist.npz", **{name: np.ones(shape, np.uint8) for name, shape in arrays.items()})
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    result = core("train", "cnn", "--dataset", "mnist", "--train-size", 5000)
    assert (result.exit_code, result.stdout) == (1, "")
    expected = message("datasets.subset_size", title="MNIST", count=120, size=5000)
    assert result.stderr == f"Error: {expected}\n"


def test_a_refused_configuration_creates_nothing(core, monkeypatch, tmp_path):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    core("train", "cnn", "--batch-size", -1)
    assert list(tmp_path.iterdir()) == []


def test_training_uses_the_configuration_of_a_file(core, tmp_path):
    values = {"family": "cnn", "architecture": "lenet5", "train_size": 100, "epochs": 1, "batch_size": 50}
    (tmp_path / "config.json").write_text(json.dumps(values))
    result = core("train", "--config", tmp_path / "config.json")
    assert result.exit_code == 0, result.stderr
    found = open_bundle(Path(result.stdout.strip()) / "bundle").card.config
    assert found == {**found, **values}


def test_an_unexpected_failure_is_reported_in_one_line_and_its_traceback_is_kept(core, monkeypatch):
    def fail(*_) -> None:
        raise ZeroDivisionError("no such number")

    monkeypatch.setattr(worker, "import_lab", lambda: worker.LabFunctions(fail, fail))
    result = core("train", "cnn")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {message('runs.unexpected_error')}\n"
    assert any("ZeroDivisionError" in run.log.read_text() for run in RunStore(home()).list())


def test_an_interrupted_run_is_resumed_by_its_id_or_folder(core, trained):
    store = RunStore(home())
    for name in (lambda run: run.id, lambda run: run.folder):
        run = store.create(Run(Path(trained.stdout.strip())).config)
        lock = run.lock()
        run.write_status(state="running", started=1.0)
        lock.release()
        result = core("train", "--resume", name(run))
        assert result.exit_code == 0, result.stderr
        assert (result.stdout.strip(), run.status().state) == (str(run.folder), "finished")


def test_a_run_that_cannot_be_resumed_is_refused_in_one_line(refused, trained):
    assert refused("train", "--resume", "nowhere") == f"Error: {message('runs.missing', id='nowhere')}"
    refusal = refused("train", "--resume", trained.stdout.strip())
    assert refusal == f"Error: {message('runs.nothing_to_resume')}"
    assert "--resume" in refused("train", "cnn", "--resume", "nowhere")
